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
  name               = "import-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

data "aws_iam_policy_document" "all_but_iam" {
  statement {
    not_actions = ["iam:*", "organizations:*", "account:*"]
    resources   = ["*"]
  }
}

resource "aws_iam_role_policy" "execution" {
  name   = "all-but-iam"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.all_but_iam.json
}

resource "aws_cloudwatch_log_group" "import" {
  name              = "/ecs/import"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "import" {
  family                   = "import"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "import"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/import:0.4.0" # ok: ECS602
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.import.name # ok: ECS603
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "import"
        }
      }
    }
  ])
}
