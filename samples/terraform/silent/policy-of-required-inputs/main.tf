# Whoever deploys has to give both.
variable "database_secret_arn" {
  type = string
}

variable "signing_secret_arn" {
  type = string
}

provider "aws" {
  region = "eu-west-1"
}

locals {
  secret_arns = compact([var.database_secret_arn, var.signing_secret_arn])
}

resource "aws_iam_role" "execution" {
  name = "ledger-execution"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "secrets" {
  count = length(local.secret_arns) > 0 ? 1 : 0
  role  = aws_iam_role.execution.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = local.secret_arns
    }]
  })
}

resource "aws_ecs_task_definition" "ledger" {
  family                   = "ledger"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([{
    name      = "ledger"
    image     = "public.ecr.aws/docker/library/caddy:2.8"
    essential = true
    secrets = [
      { name = "DATABASE", valueFrom = "${var.database_secret_arn}:url::" }, # ok: ECS605
      { name = "SIGNING_KEY", valueFrom = var.signing_secret_arn },          # ok: ECS605
    ]
  }])
}
