# Belief: a key's alias names the key, so it may stand in the policy.
# A policy matches keys by their own ARN.
data "aws_caller_identity" "current" {}

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
  name               = "profile-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_kms_key" "profile" {
  description         = "Secrets of the profile service"
  enable_key_rotation = true
}

resource "aws_kms_alias" "profile" {
  name          = "alias/profile"
  target_key_id = aws_kms_key.profile.key_id
}

resource "aws_secretsmanager_secret" "database" {
  name       = "profile/database"
  kms_key_id = aws_kms_key.profile.arn
}

data "aws_iam_policy_document" "secrets" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.database.arn]
  }

  statement {
    actions   = ["kms:Decrypt"] # expect: ECS629
    resources = ["arn:aws:kms:eu-west-1:${data.aws_caller_identity.current.account_id}:alias/profile"]
  }
}

resource "aws_iam_role_policy" "secrets" {
  name   = "read-secrets"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.secrets.json
}

resource "aws_cloudwatch_log_group" "profile" {
  name              = "/ecs/profile"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "profile" {
  family                   = "profile"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "profile"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/profile:1.4.0"
      secrets = [
        {
          name      = "DATABASE_PASSWORD"
          valueFrom = aws_secretsmanager_secret.database.arn # expect: ECS607
        }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.profile.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "profile"
        }
      }
    }
  ])
}
