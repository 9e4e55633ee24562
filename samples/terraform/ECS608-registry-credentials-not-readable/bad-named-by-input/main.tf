# Whichever secret it is: the role may read none.
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
  name               = "wiki-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

variable "registry_login" {
  description = "ARN of the registry's secret"
  type        = string
}

resource "aws_cloudwatch_log_group" "wiki" {
  name              = "/ecs/wiki"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "wiki" {
  family                   = "wiki"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "wiki"
      image = "registry.example.com/tools/wiki:24.1"
      repositoryCredentials = {
        credentialsParameter = var.registry_login # expect: ECS608
      }
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.wiki.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "wiki"
        }
      }
    }
  ])
}
