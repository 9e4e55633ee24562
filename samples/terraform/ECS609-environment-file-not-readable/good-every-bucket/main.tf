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
  name               = "forum-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

variable "settings" {
  description = "ARN of the file"
  type        = string
}

data "aws_iam_policy_document" "config" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::*/*"]
  }

  statement {
    actions   = ["s3:GetBucketLocation"]
    resources = ["arn:aws:s3:::*"]
  }
}

resource "aws_iam_role_policy" "config" {
  name   = "read-config"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.config.json
}

resource "aws_cloudwatch_log_group" "forum" {
  name              = "/ecs/forum"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "forum" {
  family                   = "forum"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "forum"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/forum:1.4.0"
      environmentFiles = [
        {
          type  = "s3"
          value = var.settings # ok: ECS609
        }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.forum.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "forum"
        }
      }
    }
  ])
}
