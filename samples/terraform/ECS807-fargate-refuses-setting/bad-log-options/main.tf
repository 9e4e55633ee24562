provider "aws" {
  region = "eu-west-1"
}

data "aws_iam_policy_document" "ecs_tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "shop-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_ecs_task_definition" "feed" {
  family                   = "feed"
  requires_compatibilities = ["EC2"]
  network_mode             = "awsvpc"
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name     = "feed"
      image    = "public.ecr.aws/docker/library/nginx:1.27"
      memory   = 512
      hostname = "feed" # expect: ECS807

      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"        = "/shop/feed"
          "awslogs-region"       = "eu-west-1"
          "awslogs-create-group" = "false" # expect: ECS807
          "awslogs-prefix"       = "feed" # expect: ECS807
        }
      }
    }
  ])
}
