provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_task_definition" "api" {
  family                   = "api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024

  container_definitions = jsonencode([
    {
      name   = "api" # ok: ECS816
      image = "public.ecr.aws/docker/library/nginx:1.27"
      cpu    = 256
      memory = 1024
    },
    {
      name              = "agent"
      image = "public.ecr.aws/docker/library/nginx:1.27"
      cpu               = 256
      memoryReservation = 256
    }
  ])
}

resource "aws_ecs_task_definition" "worker" {
  family                   = "worker"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"
  memory                   = 512

  container_definitions = jsonencode([
    {
      name  = "worker" # ok: ECS816
      image = "public.ecr.aws/docker/library/nginx:1.27"
    }
  ])
}

variable "containers" {
  type = any
}

resource "aws_ecs_task_definition" "given" { # ok: ECS816
  family                = "given"
  network_mode          = "bridge"
  container_definitions = jsonencode(var.containers)
}
