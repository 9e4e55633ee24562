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
      name   = "api"
      image = "public.ecr.aws/docker/library/nginx:1.27"
      memory = 2048 # expect: ECS816
    },
    {
      name  = "proxy"
      image = "public.ecr.aws/docker/library/nginx:1.27"
      cpu   = 384 # expect: ECS816
    },
    {
      name              = "agent"
      image = "public.ecr.aws/docker/library/nginx:1.27"
      cpu               = 384
      memory            = 256
      memoryReservation = 512 # expect: ECS816
    }
  ])
}

resource "aws_ecs_task_definition" "worker" {
  family                   = "worker"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"

  container_definitions = jsonencode([
    { # expect: ECS816
      name  = "worker"
      image = "public.ecr.aws/docker/library/nginx:1.27"
    }
  ])
}

resource "aws_ecs_task_definition" "batch" {
  family                   = "batch"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"

  ephemeral_storage {
    size_in_gib = 40 # expect: ECS816
  }

  container_definitions = jsonencode([
    {
      name   = "batch"
      image = "public.ecr.aws/docker/library/nginx:1.27"
      memory = 512
    }
  ])
}

resource "aws_ecs_task_definition" "empty" { # expect: ECS816
  family                = "empty"
  network_mode          = "bridge"
  container_definitions = jsonencode([])
}
