resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name  = "reports"
      image = "public.ecr.aws/docker/library/nginx:1.27"
    }
  ])
}

resource "aws_ecs_cluster" "spot" {
  name = "spot"
}

resource "aws_ecs_cluster_capacity_providers" "spot" {
  cluster_name       = aws_ecs_cluster.spot.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]

  default_capacity_provider_strategy { # expect: ECS815
    capacity_provider = "FARGATE_SPOT"
  }
}

resource "aws_ecs_service" "reports" {
  name            = "reports"
  cluster         = aws_ecs_cluster.spot.id
  task_definition = aws_ecs_task_definition.reports.arn
  desired_count   = 1

  network_configuration {
    subnets = var.subnet_ids
  }
}

resource "aws_ecs_cluster" "unused" {
  name = "unused"
}

resource "aws_ecs_cluster_capacity_providers" "unused" {
  cluster_name       = aws_ecs_cluster.unused.name
  capacity_providers = ["FARGATE"]

  default_capacity_provider_strategy { # ok: ECS815
    capacity_provider = "FARGATE"
  }
}

resource "aws_ecs_service" "by_type" {
  name            = "reports-by-type"
  cluster         = aws_ecs_cluster.unused.id
  task_definition = aws_ecs_task_definition.reports.arn
  launch_type     = "FARGATE"
  desired_count   = 1

  network_configuration {
    subnets = var.subnet_ids
  }
}
