provider "aws" {
  region = "eu-west-1"
}

# Whoever deploys gives them.
variable "secret_arns" {
  type    = list(string)
  default = []
}

variable "buckets" {
  type    = map(string)
  default = {}
}

variable "key_arn" {
  type    = string
  default = null
}

variable "parameter_arn" {
  type    = string
  default = ""
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

resource "aws_iam_role" "orders" {
  name               = "orders"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

data "aws_iam_policy_document" "orders" {
  statement { # ok: ECS508
    actions   = ["secretsmanager:GetSecretValue"]
    resources = var.secret_arns
  }

  statement { # ok: ECS508
    actions   = ["ssm:GetParameters"]
    resources = compact([var.parameter_arn])
  }
}

resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.id
  policy = data.aws_iam_policy_document.orders.json
}

resource "aws_iam_role_policy" "files" {
  role = aws_iam_role.orders.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { # ok: ECS508
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = [for name in values(var.buckets) : "arn:aws:s3:::${name}/*"]
      },
      { # ok: ECS508
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = var.key_arn
      },
    ]
  })
}

resource "aws_ecs_task_definition" "orders" {
  family                   = "orders"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.orders.arn

  container_definitions = jsonencode([
    {
      name    = "orders"
      image   = "public.ecr.aws/docker/library/nginx:1.27"
      secrets = [{ name = "TOKEN", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-a1b2c3" }] # undecided: ECS605
    }
  ])
}
