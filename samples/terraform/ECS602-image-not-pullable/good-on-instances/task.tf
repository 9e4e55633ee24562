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
  name               = "reports-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

data "aws_iam_policy_document" "logs" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.reports.arn}:*"]
  }
}

resource "aws_iam_role_policy" "logs" {
  role   = aws_iam_role.execution.name
  policy = data.aws_iam_policy_document.logs.json
}

resource "aws_cloudwatch_log_group" "reports" {
  name              = "/ecs/reports"
  retention_in_days = 30
}

resource "aws_ecr_repository" "reports" {
  name = "reports"
}

resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  requires_compatibilities = ["EC2"]
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "reports"
      image = "${aws_ecr_repository.reports.repository_url}:1.4.0" # undecided: ECS602
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"  = aws_cloudwatch_log_group.reports.name
          "awslogs-region" = "eu-west-1"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "reports" {
  name            = "reports"
  cluster         = aws_ecs_cluster.reports.id
  task_definition = aws_ecs_task_definition.reports.arn
  desired_count   = 2

  capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.reports.name
    weight            = 1
  }
}
