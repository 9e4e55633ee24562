provider "aws" {
  region = "eu-west-1"
}

data "aws_availability_zones" "here" {}

resource "aws_vpc" "main" {
  cidr_block           = "10.30.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "private" {
  vpc_id            = aws_vpc.main.id
  availability_zone = data.aws_availability_zones.here.names[0]
  cidr_block        = "10.30.1.0/24"
}

resource "aws_security_group" "wiki" {
  name   = "wiki"
  vpc_id = aws_vpc.main.id

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_efs_file_system" "pages" {
  encrypted = true
}

resource "aws_security_group" "backup" {
  name   = "backup"
  vpc_id = aws_vpc.main.id

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "pages" {
  name   = "pages"
  vpc_id = aws_vpc.main.id

  ingress {
    from_port       = 2049
    to_port         = 2049
    protocol        = "tcp"
    security_groups = [aws_security_group.backup.id]
  }
}

resource "aws_efs_mount_target" "pages" {
  file_system_id  = aws_efs_file_system.pages.id
  subnet_id       = aws_subnet.private.id
  security_groups = [aws_security_group.pages.id]
}

resource "aws_ecs_task_definition" "wiki" {
  family                   = "wiki"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  volume {
    name = "pages"

    efs_volume_configuration {
      file_system_id     = aws_efs_file_system.pages.id # expect: ECS817
      transit_encryption = "ENABLED"
    }
  }

  container_definitions = jsonencode([
    {
      name        = "wiki"
      image       = "public.ecr.aws/docker/library/dokuwiki:2024"
      mountPoints = [{ sourceVolume = "pages", containerPath = "/storage" }]
    }
  ])
}

resource "aws_ecs_service" "wiki" {
  name            = "wiki"
  cluster         = "tools"
  task_definition = aws_ecs_task_definition.wiki.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets         = [aws_subnet.private.id]
    security_groups = [aws_security_group.wiki.id]
  }
}
