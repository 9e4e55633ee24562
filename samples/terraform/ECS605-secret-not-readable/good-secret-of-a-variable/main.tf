# Whatever the secret is: the role may read that one, as a secret; of parameters it may read some.
variable "database_secret" {
  type = string
}

variable "api_key" {
  type = string
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
  name               = "orders-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

data "aws_iam_policy_document" "configuration" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [var.database_secret]
  }

  statement {
    actions   = ["ssm:GetParameters"]
    resources = ["arn:aws:ssm:*:*:parameter/orders/*"]
  }
}

resource "aws_iam_role_policy" "configuration" {
  name   = "configuration"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.configuration.json
}

resource "aws_ecs_task_definition" "orders" {
  family                   = "orders"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "orders"
      image = "public.ecr.aws/docker/library/nginx:1.27"
      secrets = [
        {
          name      = "DB_PASSWORD"
          valueFrom = "${var.database_secret}:password::" # ok: ECS605
        },
        {
          name      = "DB_SECRET"
          valueFrom = var.database_secret # ok: ECS605
        },
        {
          name      = "API_KEY"
          valueFrom = var.api_key # undecided: ECS605
        }
      ]
    }
  ])
}
