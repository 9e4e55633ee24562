resource "aws_ecs_task_definition" "encoder" {
  family                   = "encoder"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048

  container_definitions = jsonencode([
    {
      name  = "encoder"
      image = "public.ecr.aws/docker/library/nginx:1.27"
    }
  ])
}

resource "aws_ecs_cluster" "media" {
  name = "media"
}

resource "aws_ecs_service" "encoder" {
  name            = "encoder"
  cluster         = aws_ecs_cluster.media.id
  task_definition = aws_ecs_task_definition.encoder.arn

  network_configuration {
    subnets = var.subnet_ids
  }

  capacity_provider_strategy {
    capacity_provider = "FARGATE" # expect: ECS815 warning
    base              = 1
    weight            = 1
  }

  capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT" # expect: ECS815 warning
    weight            = 3
  }
}

variable "subnet_ids" {
  type = list(string)
}
