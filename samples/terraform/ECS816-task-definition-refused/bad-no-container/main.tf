provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_task_definition" "web" { # expect: ECS816
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  container_definitions    = jsonencode([])
}
