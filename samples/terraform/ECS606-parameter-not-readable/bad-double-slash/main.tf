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
  name               = "payments-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_ssm_parameter" "stripe_key" {
  name  = "/payments/stripe-key"
  type  = "SecureString"
  value = var.stripe_key
}

data "aws_iam_policy_document" "parameters" {
  statement {
    actions   = ["ssm:GetParameters"] # expect: ECS629
    resources = ["arn:aws:ssm:eu-west-1:${data.aws_caller_identity.current.account_id}:parameter//payments/*"]
  }
}

resource "aws_iam_role_policy" "parameters" {
  name   = "read-parameters"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.parameters.json
}

resource "aws_cloudwatch_log_group" "payments" {
  name              = "/ecs/payments"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "payments" {
  family                   = "payments"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "payments"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/payments:3.0.7"
      secrets = [
        {
          name      = "STRIPE_KEY"
          valueFrom = aws_ssm_parameter.stripe_key.arn # expect: ECS606
        }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.payments.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "payments"
        }
      }
    }
  ])
}
