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
  name               = "billing-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_secretsmanager_secret" "database" {
  name = "billing/database"
}

data "aws_iam_policy_document" "secrets" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.database.arn]
  }
}

resource "aws_iam_role_policy" "secrets" {
  name   = "read-secrets"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.secrets.json
}

resource "aws_ecs_task_definition" "billing" {
  family                   = "billing"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name    = "billing"
      image   = "public.ecr.aws/docker/library/nginx:1.27"
      secrets = [{ name = "PASSWORD", valueFrom = "${aws_secretsmanager_secret.database.arn}:password::" }]
    }
  ])
}

resource "aws_ecs_cluster" "billing" {
  name = "billing"
}

resource "aws_ecs_service" "billing" {
  name             = "billing"
  cluster          = aws_ecs_cluster.billing.arn
  task_definition  = aws_ecs_task_definition.billing.arn
  launch_type      = "FARGATE"
  platform_version = "1.3.0" # expect: ECS814 warning

  network_configuration {
    subnets = var.subnet_ids
  }
}
