data "aws_iam_policy_document" "ecs_tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "ecs" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "catalog-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_cloudwatch_log_group" "catalog" {
  name              = "/ecs/catalog"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "catalog" {
  family                   = "catalog"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "catalog"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/catalog:1.4.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.catalog.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "catalog"
        }
      }
    }
  ])
}

resource "aws_iam_role" "services" {
  name               = "catalog-services"
  assume_role_policy = data.aws_iam_policy_document.ecs.json
}

data "aws_iam_policy_document" "services" {
  statement {
    actions = [
      "ecs:*",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "services" {
  name   = "services"
  role   = aws_iam_role.services.id
  policy = data.aws_iam_policy_document.services.json
}
