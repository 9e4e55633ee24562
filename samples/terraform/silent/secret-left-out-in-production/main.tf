# In production the secret is left out, and the task is never started there: an empty reference names
# no parameter.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "env" {
  type = string
}

resource "aws_secretsmanager_secret" "phone" {
  count = var.env == "production" ? 0 : 1
  name  = "performance/phone"
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "performance-execution"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy" "phone" {
  count = var.env == "production" ? 0 : 1
  role  = aws_iam_role.execution.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = aws_secretsmanager_secret.phone[0].arn
    }]
  })
}

resource "aws_ecs_task_definition" "performance" {
  family                   = "performance"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = templatefile("${path.module}/containers.json.tftpl", {
    phone = var.env == "production" ? "" : aws_secretsmanager_secret.phone[0].arn
  })
}
