# The keys stand elsewhere: the policy of the one that the role may not use may allow it.
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
  name               = "ledger-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

data "aws_kms_key" "shared" {
  key_id = "alias/shared"
}

data "aws_kms_key" "another" {
  key_id = "alias/another"
}

data "aws_kms_alias" "managed" {
  name = "alias/aws/secretsmanager"
}

resource "aws_secretsmanager_secret" "database" {
  name       = "ledger/database"
  kms_key_id = data.aws_kms_key.shared.key_id
}

resource "aws_secretsmanager_secret" "bank" {
  name       = "ledger/bank"
  kms_key_id = data.aws_kms_key.another.arn
}

resource "aws_secretsmanager_secret" "mail" {
  name       = "ledger/mail"
  kms_key_id = data.aws_kms_alias.managed.target_key_arn
}

data "aws_iam_policy_document" "secrets" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [
      aws_secretsmanager_secret.database.arn,
      aws_secretsmanager_secret.bank.arn,
      aws_secretsmanager_secret.mail.arn,
    ]
  }

  statement {
    actions   = ["kms:Decrypt"]
    resources = [data.aws_kms_key.shared.arn]
  }
}

resource "aws_iam_role_policy" "secrets" {
  name   = "read-secrets"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.secrets.json
}

resource "aws_cloudwatch_log_group" "ledger" {
  name              = "/ecs/ledger"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "ledger" {
  family                   = "ledger"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "ledger"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/ledger:1.4.0"
      secrets = [
        {
          name      = "DATABASE_PASSWORD"
          valueFrom = aws_secretsmanager_secret.database.arn # ok: ECS607
        },
        {
          name      = "BANK_TOKEN"
          valueFrom = aws_secretsmanager_secret.bank.arn # undecided: ECS607
        },
        {
          name      = "MAIL_PASSWORD"
          valueFrom = aws_secretsmanager_secret.mail.arn # ok: ECS607
        },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.ledger.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "ledger"
        }
      }
    }
  ])
}
