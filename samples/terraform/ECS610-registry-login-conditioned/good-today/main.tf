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
  name               = "tax-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_ecr_repository" "tax" {
  name                 = "tax"
  image_tag_mutability = "IMMUTABLE"
}

data "aws_iam_policy_document" "execution" {
  statement {
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]

    condition { # ok: ECS610
      test     = "StringEquals"
      variable = "aws:SourceVpce"
      values   = [var.ecr_endpoint_id]
    }
  }

  statement {
    actions   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [aws_ecr_repository.tax.arn]

    condition {
      test     = "StringEquals"
      variable = "aws:SourceVpce"
      values   = [var.ecr_endpoint_id]
    }
  }

  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.tax.arn}:*"]
  }
}

resource "aws_iam_role_policy" "execution" {
  name   = "pull-and-log"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

resource "aws_cloudwatch_log_group" "tax" {
  name              = "/ecs/tax"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "tax" {
  family                   = "tax"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "tax"
      image = "${aws_ecr_repository.tax.repository_url}:1.4.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.tax.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "tax"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "tax" {
  name             = "tax"
  cluster          = var.cluster_arn
  task_definition  = aws_ecs_task_definition.tax.arn
  launch_type      = "FARGATE"
  platform_version = "LATEST"

  network_configuration {
    subnets = var.subnet_ids
  }
}
