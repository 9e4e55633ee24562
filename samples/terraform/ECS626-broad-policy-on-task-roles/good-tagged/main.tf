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
  name               = "mailer-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

variable "tag" {
  type = string
}

resource "aws_iam_role" "task" {
  name               = "mailer-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

data "aws_iam_policy_document" "tagged" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"] # ok: ECS626
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "secretsmanager:ResourceTag/${var.tag}"
      values   = ["mailer"]
    }
  }
}

resource "aws_iam_role_policy" "tagged" {
  name   = "read-tagged-secrets"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.tagged.json
}

resource "aws_cloudwatch_log_group" "mailer" {
  name              = "/ecs/mailer"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "mailer" {
  family                   = "mailer"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "mailer"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/mailer:1.4.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.mailer.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "mailer"
        }
      }
    }
  ])
}
