variable "inline_policies" {
  type    = map(string)
  default = {}
}

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
  name               = "museum-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json

  # Without a block, Terraform manages no inline policies of the role by it.
  dynamic "inline_policy" {
    for_each = var.inline_policies
    content {
      name   = inline_policy.key
      policy = inline_policy.value
    }
  }
}

resource "aws_iam_role_policy" "parameters" {
  name = "parameters"
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "ssm:GetParameters"
      Resource = "arn:aws:ssm:eu-west-1:123456789012:parameter/museum/*"
    }]
  }) # ok: ECS634
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_cloudwatch_log_group" "museum" {
  name              = "/ecs/museum"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "museum" {
  family                   = "museum"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "museum"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/museum:1.4.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.museum.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "museum"
        }
      }
    }
  ])
}
