terraform {
  backend "s3" {}
}

provider "aws" {
  region = "eu-west-1"
}

data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name                 = "reports-execution"
  assume_role_policy   = data.aws_iam_policy_document.tasks.json
  permissions_boundary = "arn:aws:iam::111122223333:policy/team-boundary"
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

data "aws_iam_role" "task" {
  name = "billing-task"
}

resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = data.aws_iam_role.task.arn # ok: ECS501

  container_definitions = jsonencode([{
    name  = "reports"
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/reports:1" # ok: ECS602
  }])
}
