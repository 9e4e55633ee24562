# What ECS would refuse is what the caller may pass, and need not.
provider "aws" {
  region = "eu-west-1"
}

variable "essential" {
  type = bool
}

variable "privileged" {
  type = bool
}

variable "network_mode" {
  type = string
}

resource "aws_ecs_task_definition" "api" {
  family                   = "api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = var.network_mode
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name       = "api"
      image      = "public.ecr.aws/docker/library/nginx:1.27"
      essential  = var.essential
      privileged = var.privileged
    }
  ])
}

resource "aws_security_group" "api" {
  count = var.network_mode == "bridge" ? 0 : 1
  name  = "api"
}
