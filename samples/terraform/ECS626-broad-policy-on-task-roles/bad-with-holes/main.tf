data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

variable "name" {
  type = string
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

resource "aws_iam_role" "task" {
  name               = "worker-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

locals {
  place = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
}

# What is not known changes nothing: it is every secret, and a log group without its streams.
data "aws_iam_policy_document" "task" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"] # expect: ECS626
    resources = ["arn:aws:secretsmanager:${local.place}:secret:*"]
  }

  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"] # expect: ECS629 warning
    resources = ["arn:aws:logs:${local.place}:log-group:/ecs/${var.name}"]
  }
}

resource "aws_iam_role_policy" "task" {
  name   = "task"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.task.json
}

resource "aws_ecs_task_definition" "worker" {
  family                   = "worker"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "worker"
      image = "public.ecr.aws/docker/library/busybox:1.36"
    }
  ])
}
