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
  name               = "crm-sync-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_secretsmanager_secret" "crm" {
  name = "crm-sync/password"
}

data "aws_iam_policy_document" "secrets" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.crm.arn]
  }
}

resource "aws_iam_role_policy" "secrets" {
  name   = "read-secrets"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.secrets.json
}

resource "aws_cloudwatch_log_group" "crm_sync" {
  name              = "/ecs/crm-sync"
  retention_in_days = 30
}

variable "search_token" {
  type      = string
  sensitive = true
  default   = "something" # ok: ECS802
}

resource "aws_ecs_task_definition" "crm_sync" {
  family                   = "crm-sync"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "crm-sync"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/crm-sync:1.4.0"
      environment = [
        { name = "CRM_URL", value = "https://crm.example.com" },
        { name = "CRM_PUBLIC_API_KEY", value = "pk9f3c1e7a2b4d8065" },
        { name = "SEARCH_TOKEN", value = var.search_token },
      ]
      secrets = [
        {
          name      = "CRM_PASSWORD"
          valueFrom = aws_secretsmanager_secret.crm.arn
        }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.crm_sync.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "crm-sync"
        }
      }
    }
  ])
}
