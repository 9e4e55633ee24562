# The variable has no default: each name that a condition compares it with is tried, and any other.
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
  name               = "invoices-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_secretsmanager_secret" "database" {
  name = "invoices/database"
}

resource "aws_secretsmanager_secret" "bank" {
  name = "invoices/bank"
}

data "aws_iam_policy_document" "database" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.database.arn]
  }
}

resource "aws_iam_role_policy" "database" {
  count = contains(["staging", "production"], var.environment) ? 1 : 0

  name   = "read-database"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.database.json
}

data "aws_iam_policy_document" "bank" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.bank.arn]
  }
}

resource "aws_iam_role_policy" "bank" {
  count = var.environment == "staging" ? 1 : 0

  name   = "read-bank"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.bank.json
}

locals {
  database = [
    {
      name      = "DATABASE_URL"
      valueFrom = aws_secretsmanager_secret.database.arn # ok: ECS605
    }
  ]
  bank = [
    {
      name      = "BANK_TOKEN"
      valueFrom = aws_secretsmanager_secret.bank.arn # expect: ECS605
    }
  ]
}

resource "aws_cloudwatch_log_group" "invoices" {
  name              = "/ecs/invoices"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "invoices" {
  family                   = "invoices"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "invoices"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/invoices:5.1.0"
      secrets = concat(
        var.environment == "production" || var.environment == "staging" ? local.database : [],
        var.environment == "production" ? local.bank : [],
      )
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.invoices.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "invoices"
        }
      }
    }
  ])
}
