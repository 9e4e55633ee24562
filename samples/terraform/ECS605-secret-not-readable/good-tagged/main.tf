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

  tags = {
    team = "platform"
  }
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

data "aws_iam_policy_document" "tagged" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "secretsmanager:ResourceTag/application"
      values   = ["tickets"]
    }
  }

  statement {
    actions   = ["ssm:GetParameters"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/team"
      values   = ["&{aws:PrincipalTag/team}"]
    }
  }
}

resource "aws_iam_role_policy" "tagged" {
  name   = "tagged"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.tagged.json
}

resource "aws_secretsmanager_secret" "smtp" {
  name = "tickets/smtp"
}

resource "aws_ssm_parameter" "licence" {
  name  = "/tickets/licence"
  type  = "SecureString"
  value = "set by hand"

  tags = {
    team = "platform"
  }

  lifecycle {
    ignore_changes = [value]
  }
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
        },
        {
          name      = "LICENCE"
          valueFrom = aws_ssm_parameter.licence.arn # ok: ECS606
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
