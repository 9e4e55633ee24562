variable "scaling_group_arn" {
  type = string
}

variable "prefix" {
  type = string
}

resource "aws_ecs_cluster" "batch" {
  name = "batch"
}

resource "aws_ecs_capacity_provider" "instances" {
  name = "instances-for-ecs" # ok: ECS815

  auto_scaling_group_provider {
    auto_scaling_group_arn = var.scaling_group_arn
  }
}

resource "aws_ecs_capacity_provider" "spot" {
  name = "${var.prefix}-ecs" # ok: ECS815

  auto_scaling_group_provider {
    auto_scaling_group_arn = var.scaling_group_arn
  }
}

resource "aws_ecs_cluster_capacity_providers" "batch" {
  cluster_name = aws_ecs_cluster.batch.name
  capacity_providers = [
    "FARGATE_SPOT", # ok: ECS815
    aws_ecs_capacity_provider.instances.name,
    aws_ecs_capacity_provider.spot.name,
  ]

  default_capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.instances.name # ok: ECS815
    weight            = 1
  }

  default_capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.spot.name
    weight            = 2
  }
}
