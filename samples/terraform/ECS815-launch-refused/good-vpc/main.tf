variable "vpc_id" {
  type    = string
  default = null
}

resource "aws_vpc" "apps" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc" "data" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "apps" {
  vpc_id     = aws_vpc.apps.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "apps" {
  vpc_id = aws_subnet.apps.vpc_id
}

resource "aws_security_group" "given" {
  vpc_id = var.vpc_id
}

resource "aws_security_group" "data" {
  vpc_id = aws_vpc.data.id
}

resource "aws_ecs_task_definition" "api" {
  family                   = "api"
  requires_compatibilities = ["EC2"]
  network_mode             = "awsvpc"

  container_definitions = jsonencode([
    {
      name   = "api"
      image  = "public.ecr.aws/docker/library/nginx:1.27"
      memory = 512
    }
  ])
}

resource "aws_ecs_cluster" "apps" {
  name = "apps"
}

resource "aws_ecs_service" "api" {
  name            = "api"
  cluster         = aws_ecs_cluster.apps.arn
  task_definition = aws_ecs_task_definition.api.arn
  launch_type     = "EC2"

  network_configuration {
    subnets = [aws_subnet.apps.id]
    security_groups = [
      aws_security_group.apps.id, # ok: ECS815
      aws_security_group.given.id,
    ]
  }
}
