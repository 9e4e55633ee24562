provider "aws" {
  region = "eu-west-1"
}

variable "broker" {
  type        = string
  description = "host:port of the message broker that the workers serve."
  default     = null
}

resource "aws_ecs_cluster" "shop" {
  name = "shop"

  service_connect_defaults {
    namespace = "arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-0a1b2c3d"
  }
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

resource "aws_ecs_service" "connected" {
  name            = "connected"
  cluster         = aws_ecs_cluster.shop.id
  task_definition = aws_ecs_task_definition.api.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets = ["subnet-0a1b2c3d4e5f60718"]
  }

  service_connect_configuration { # ok: ECS815
    enabled = true

    service {
      port_name = "http" # ok: ECS815

      client_alias {
        port = 80
      }
    }
  }
}

resource "aws_ecs_service" "worker" {
  name            = "worker"
  cluster         = aws_ecs_cluster.shop.id
  task_definition = aws_ecs_task_definition.worker.arn
  launch_type     = "EC2"

  load_balancer {
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/worker/1a2b3c4d5e6f7a8b"
    container_name   = "worker"
    container_port   = var.broker == null ? 0 : tonumber(split(":", var.broker)[1]) # ok: ECS815
  }

  ordered_placement_strategy { # ok: ECS815
    type  = "spread"
    field = "attribute:ecs.availability-zone"
  }

  deployment_circuit_breaker {
    enable   = true # ok: ECS815
    rollback = true
  }
}
