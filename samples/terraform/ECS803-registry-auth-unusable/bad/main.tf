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
  name               = "labels-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_secretsmanager_secret" "registry" {
  name = "labels/registry"
}

data "aws_iam_policy_document" "registry" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.registry.arn]
  }
}

resource "aws_iam_role_policy" "registry" {
  name   = "read-registry-credentials"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.registry.json
}

resource "aws_cloudwatch_log_group" "labels" {
  name              = "/ecs/labels"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "labels" {
  family                   = "labels"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "labels"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/labels:1.4.0"
      repositoryCredentials = {
        credentialsParameter = aws_secretsmanager_secret.registry.arn # expect: ECS803
      }
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.labels.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "labels"
        }
      }
    }
  ])
}
