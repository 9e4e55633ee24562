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
  name               = "mailer-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_secretsmanager_secret" "smtp" {
  name = "mailer/smtp"
}

data "aws_iam_policy_document" "secrets" {
  statement {
    actions   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"] # expect: ECS626
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "secrets" {
  name   = "read-secrets"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.secrets.json
}

resource "aws_cloudwatch_log_group" "mailer" {
  name              = "/ecs/mailer"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "mailer" {
  family                   = "mailer"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "mailer"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/mailer:1.4.0"
      secrets = [
        {
          name      = "SMTP_PASSWORD"
          valueFrom = aws_secretsmanager_secret.smtp.arn
        }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.mailer.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "mailer"
        }
      }
    }
  ])
}
