# logs:CreateLogGroup is authorised on the group's ARN, with or without ':*'.
data "aws_caller_identity" "current" {}

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
  name               = "digest-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

data "aws_iam_policy_document" "log_group" {
  statement {
    actions   = ["logs:CreateLogGroup"]
    resources = ["arn:aws:logs:eu-west-1:${data.aws_caller_identity.current.account_id}:log-group:/ecs/digest"]
  }
}

resource "aws_iam_role_policy" "log_group" {
  name   = "log-group"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.log_group.json
}

resource "aws_ecs_task_definition" "digest" {
  family                   = "digest"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "digest"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/digest:1.1.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = "/ecs/digest"
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "digest"
          "awslogs-create-group"  = "true" # ok: ECS604
        }
      }
    }
  ])
}
