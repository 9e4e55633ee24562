provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_cluster" "shop" {
  name = "shop"
}

resource "aws_ecs_capacity_provider" "instances" {
  name = "instances"

  auto_scaling_group_provider {
    auto_scaling_group_arn = "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:0a1b2c3d:autoScalingGroupName/shop"
  }
}

resource "aws_ecs_cluster_capacity_providers" "shop" {
  cluster_name       = aws_ecs_cluster.shop.name
  capacity_providers = [aws_ecs_capacity_provider.instances.name]

  default_capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.instances.name
    weight            = 1
  }
}

resource "aws_ecs_task_definition" "agent" {
  family = "agent"

  container_definitions = jsonencode([
    {
      name   = "agent"
      image  = "public.ecr.aws/docker/library/busybox:1.37"
      memory = 128
    }
  ])
}

resource "aws_ecs_service" "agent" {
  name                = "agent"
  cluster             = aws_ecs_cluster.shop.id
  task_definition     = aws_ecs_task_definition.agent.arn
  scheduling_strategy = "DAEMON" # expect: ECS815 warning
}

resource "aws_ecs_service" "metrics" {
  name                = "metrics"
  cluster             = aws_ecs_cluster.shop.id
  task_definition     = aws_ecs_task_definition.agent.arn
  scheduling_strategy = "DAEMON"

  capacity_provider_strategy { # expect: ECS815
    capacity_provider = aws_ecs_capacity_provider.instances.name
    weight            = 1
  }
}

resource "aws_ecs_service" "placed" {
  name                = "placed"
  cluster             = aws_ecs_cluster.shop.id
  task_definition     = aws_ecs_task_definition.agent.arn
  scheduling_strategy = "DAEMON"
  launch_type         = "EC2"

  ordered_placement_strategy { # expect: ECS815
    type = "random"
  }
}
