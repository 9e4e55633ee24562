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

resource "aws_ecs_service" "api" {
  name            = "api"
  cluster         = aws_ecs_cluster.shop.id
  task_definition = aws_ecs_task_definition.api.arn
  launch_type     = "FARGATE"
  health_check_grace_period_seconds = 60 # ok: ECS815

  ordered_placement_strategy { # expect: ECS815
    type  = "spread"
    field = "attribute:ecs.availability-zone"
  }

  network_configuration {
    subnets = ["subnet-0a1b2c3d4e5f60718"]
  }
}

resource "aws_ecs_service" "worker" {
  name            = "worker"
  cluster         = aws_ecs_cluster.shop.id
  task_definition = aws_ecs_task_definition.worker.arn
  launch_type     = "EC2"

  deployment_controller {
    type = "CODE_DEPLOY" # expect: ECS815
  }

  deployment_circuit_breaker {
    enable   = true # expect: ECS815
    rollback = true
  }
}

resource "aws_ecs_service" "connected" {
  name            = "connected"
  cluster         = aws_ecs_cluster.shop.id
  task_definition = aws_ecs_task_definition.api.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets = ["subnet-0a1b2c3d4e5f60718"]
  }

  service_connect_configuration { # expect: ECS815
    enabled = true

    service {
      port_name = "grpc" # expect: ECS815

      client_alias {
        port = 50051
      }
    }

    service { # expect: ECS815
      port_name = "http" # ok: ECS815
    }
  }
}
