# The statement is for the secrets that the service is given. It is given none by default, and the
# key alone does no harm.
variable "secrets" {
  description = "Names of environment variables and the secrets that they hold."
  type        = map(string)
  default     = {}
}

data "aws_kms_key" "secrets" {
  key_id = "alias/orders"
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

data "aws_iam_policy_document" "secrets" {
  statement {
    actions   = ["secretsmanager:GetSecretValue", "kms:Decrypt"] # ok: ECS629
    resources = concat([data.aws_kms_key.secrets.arn], values(var.secrets))
  }
}

resource "aws_iam_role_policy" "secrets" {
  name   = "secrets"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.secrets.json
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
      name    = "orders"
      image   = "public.ecr.aws/docker/library/nginx:1.27"
      secrets = [for name, arn in var.secrets : { name = name, valueFrom = arn }]
    }
  ])
}
