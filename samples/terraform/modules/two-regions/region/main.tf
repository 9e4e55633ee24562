variable "name" {
  type    = string
  default = "nightly"
}

variable "parameter" {
  type = string
}

data "aws_region" "current" {}

data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "events" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "${var.name}-execution-${data.aws_region.current.name}"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role_policy" "parameter" {
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "ssm:GetParameters"
      Resource = var.parameter
    }]
  })
}

resource "aws_cloudwatch_log_group" "nightly" {
  name              = "/nightly/${var.name}"
  retention_in_days = 30
}

resource "aws_ecs_cluster" "main" {
  name = var.name
}

resource "aws_ecs_task_definition" "nightly" {
  family                   = var.name
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([{
    name      = "nightly"
    image     = "public.ecr.aws/docker/library/busybox:stable"
    essential = true
    secrets = [{
      name      = "TOKEN"
      valueFrom = "/nightly/token" # expect: ECS606
    }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.nightly.name
        awslogs-region        = data.aws_region.current.name
        awslogs-stream-prefix = "nightly"
      }
    }
  }])
}

resource "aws_iam_role" "events" {
  name               = "${var.name}-events-${data.aws_region.current.name}"
  assume_role_policy = data.aws_iam_policy_document.events.json
}

resource "aws_iam_role_policy" "events" {
  role = aws_iam_role.events.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "ecs:RunTask"
      Resource = aws_ecs_task_definition.nightly.arn
      }, {
      Effect   = "Allow"
      Action   = "iam:PassRole"
      Resource = aws_iam_role.execution.arn
    }]
  })
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = var.name
  schedule_expression = "rate(1 day)"
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule     = aws_cloudwatch_event_rule.nightly.name
  arn      = aws_ecs_cluster.main.arn
  role_arn = aws_iam_role.events.arn

  ecs_target {
    task_definition_arn = aws_ecs_task_definition.nightly.arn # ok: ECS821
    launch_type         = "FARGATE"
    network_configuration {
      subnets          = ["subnet-0123456789abcdef0"]
      assign_public_ip = true
    }
  }
}
