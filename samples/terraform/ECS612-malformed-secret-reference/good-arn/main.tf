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
  name               = "polls-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_secretsmanager_secret" "database" {
  name = "polls/database"
}

data "aws_iam_policy_document" "secrets" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [
      aws_secretsmanager_secret.database.arn,
      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:polls/mail-*",
    ]
  }
}

resource "aws_iam_role_policy" "secrets" {
  name   = "read-secrets"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.secrets.json
}

resource "aws_cloudwatch_log_group" "polls" {
  name              = "/ecs/polls"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "polls" {
  family                   = "polls"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "polls"
      image = "registry.example.com/polls:1.4.0"
      repositoryCredentials = {
        credentialsParameter = aws_secretsmanager_secret.database.arn # ok: ECS612
      }
      secrets = [
        {
          name      = "DATABASE_PASSWORD"
          valueFrom = "${aws_secretsmanager_secret.database.arn}:password::" # ok: ECS612
        },
        {
          name      = "MAIL_PASSWORD"
          valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:polls/mail-Ab3dE9:smtp*::" # ok: ECS612
        }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.polls.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "polls"
        }
      }
    }
  ])
}
