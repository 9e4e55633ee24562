# An empty list of compatibilities is as none: ECS works out what the task definition can run on.

provider "aws" {
  region = "eu-west-1"
}

variable "compatibilities" {
  type    = list(string)
  default = []
}

resource "aws_ecs_cluster" "main" {
  name = "main"
}

resource "aws_ecs_task_definition" "orders" {
  family                   = "orders"
  requires_compatibilities = var.compatibilities
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name  = "orders"
      image = "public.ecr.aws/nginx/nginx:1.27"
    },
  ])
}

resource "aws_ecs_service" "orders" {
  name            = "orders"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.orders.arn
  launch_type     = "FARGATE" # ok: ECS815
  desired_count   = 1

  network_configuration {
    subnets = ["subnet-0a1b2c3d4e5f60718"]
  }
}
