provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_cluster" "shop" {
  name = "shop"
}

resource "aws_ecs_task_definition" "api" {
  family                   = "api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024

  container_definitions = jsonencode([
    {
      name         = "api"
      image = "public.ecr.aws/docker/library/nginx:1.27"
      portMappings = [{ name = "http", containerPort = 80 }]
    }
  ])
}

resource "aws_ecs_task_definition" "worker" {
  family                   = "worker"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"

  container_definitions = jsonencode([
    {
      name         = "worker"
      image = "public.ecr.aws/docker/library/nginx:1.27"
      memory       = 512
      portMappings = [{ containerPort = 80 }]
    }
  ])
}

resource "aws_ecs_cluster_capacity_providers" "shop" {
  cluster_name       = aws_ecs_cluster.shop.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
    base              = 1
  }
}

resource "aws_ecs_service" "api" {
  name            = "api"
  cluster         = aws_ecs_cluster.shop.id
  task_definition = aws_ecs_task_definition.api.arn

  network_configuration {
    subnets = ["subnet-0a1b2c3d4e5f60718"]
  }

  capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT" # ok: ECS815
    weight            = 1
  }
}
