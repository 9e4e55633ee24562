# The function runs the jobs of a family prefix and may pass their role; the API is not among them.

data "aws_iam_policy_document" "ecs_tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "job" {
  name               = "catalog-job"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role" "api" {
  name               = "catalog-api"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_ecs_task_definition" "job" {
  family                = "catalog-job"
  task_role_arn         = aws_iam_role.job.arn
  container_definitions = jsonencode([{ name = "job", image = "busybox", memory = 128 }])
}

resource "aws_ecs_task_definition" "api" {
  family                = "catalog-api"
  task_role_arn         = aws_iam_role.api.arn
  container_definitions = jsonencode([{ name = "api", image = "nginx", memory = 128 }])
}

resource "aws_iam_role" "starter" { # ok: ECS823
  name = "catalog-starter"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "starter" {
  role = aws_iam_role.starter.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "ecs:RunTask"
        Resource = "arn:aws:ecs:*:*:task-definition/catalog-*:*"
      },
      {
        Effect   = "Allow"
        Action   = "iam:PassRole"
        Resource = aws_iam_role.job.arn
      },
    ]
  })
}
