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
  name               = "inventory-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_secretsmanager_secret" "erp" {
  name = "inventory/erp"
}

resource "aws_dynamodb_table" "stock" {
  name         = "inventory-stock"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "sku"

  attribute {
    name = "sku"
    type = "S"
  }
}

resource "aws_iam_role" "task" {
  name               = "inventory-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

data "aws_iam_policy_document" "stock" {
  statement {
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
    resources = [aws_dynamodb_table.stock.arn]
  }
}

resource "aws_iam_role_policy" "stock" {
  name   = "stock"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.stock.json
}

data "aws_iam_policy_document" "secrets" {
  statement { # ok: ECS621
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.erp.arn]
  }
}

resource "aws_iam_role_policy" "secrets" {
  name   = "read-secrets"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.secrets.json
}

resource "aws_cloudwatch_log_group" "inventory" {
  name              = "/ecs/inventory"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "inventory" {
  family                   = "inventory"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "inventory"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/inventory:6.2.0"
      secrets = [
        {
          name      = "ERP_PASSWORD"
          valueFrom = aws_secretsmanager_secret.erp.arn # ok: ECS605
        }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.inventory.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "inventory"
        }
      }
    }
  ])
}
