variable "api_key_arn" {
  type = string
}

data "aws_secretsmanager_secret" "api_key" {
  arn = var.api_key_arn
}

data "aws_secretsmanager_secret_version" "api_key" {
  secret_id = data.aws_secretsmanager_secret.api_key.id
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "gateway-execution"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "secrets" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = compact([var.api_key_arn])
  }
}

resource "aws_iam_role_policy" "secrets" {
  role   = aws_iam_role.execution.name
  policy = data.aws_iam_policy_document.secrets.json
}

resource "aws_ecs_task_definition" "gateway" {
  family                   = "gateway"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "gateway"
      image = "public.ecr.aws/docker/library/caddy:2.8"
      secrets = [
        {
          name      = "API_KEY"
          valueFrom = data.aws_secretsmanager_secret_version.api_key.arn # ok: ECS605
        },
      ]
    },
  ])
}
