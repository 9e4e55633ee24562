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
  name               = "backoffice-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role" "task" {
  name               = "backoffice-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_sqs_queue" "exports" {
  name = "backoffice-exports"
}

data "aws_iam_policy_document" "task" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.exports.arn]
  }

  statement {
    actions = [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]
    resources = ["*"]

    condition { # nobody gives a second factor for a task
      test     = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values   = ["true"]
    }
  }
}

resource "aws_iam_role_policy" "task" {
  name   = "backoffice"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.task.json
}

resource "aws_cloudwatch_log_group" "backoffice" {
  name              = "/ecs/backoffice"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "backoffice" {
  family                   = "backoffice"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "backoffice"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/backoffice:11.0.2"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.backoffice.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "backoffice"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "backoffice" {
  name                   = "backoffice"
  cluster                = var.cluster_arn
  task_definition        = aws_ecs_task_definition.backoffice.arn
  desired_count          = 2
  launch_type            = "FARGATE"
  enable_execute_command = true # expect: ECS702

  network_configuration {
    subnets         = var.private_subnet_ids
    security_groups = [var.security_group_id]
  }
}
