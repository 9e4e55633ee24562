# The secret's own policy lets the execution role in: that suffices within one account.
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
  name               = "tickets-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_secretsmanager_secret" "smtp" {
  name = "tickets/smtp"
}

data "aws_iam_policy_document" "smtp" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.execution.arn]
    }
  }
}

resource "aws_secretsmanager_secret_policy" "smtp" {
  secret_arn = aws_secretsmanager_secret.smtp.arn
  policy     = data.aws_iam_policy_document.smtp.json
}

resource "aws_cloudwatch_log_group" "tickets" {
  name              = "/ecs/tickets"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "tickets" {
  family                   = "tickets"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "tickets"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/tickets:9.0.1"
      secrets = [
        {
          name      = "SMTP_PASSWORD"
          valueFrom = aws_secretsmanager_secret.smtp.arn # ok: ECS605
        }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.tickets.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "tickets"
        }
      }
    }
  ])
}
