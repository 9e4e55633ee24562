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
  name               = "booking-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role" "task" {
  name               = "booking-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy" "assume" {
  name = "assume-configuration"
  role = aws_iam_role.task.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sts:AssumeRole"
      Resource = aws_iam_role.configuration.arn
    }]
  })
}

resource "aws_iam_role" "configuration" {
  name = "booking-configuration"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = aws_iam_role.task.arn }
    }]
  })
}

resource "aws_iam_role_policy" "configuration" {
  name = "read-configuration"
  role = aws_iam_role.configuration.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["appconfig:StartConfigurationSession", "appconfig:GetLatestConfiguration"]
      Resource = "arn:aws:appconfig:eu-west-1:123456789012:application/*/environment/*/configuration/*"
    }]
  })
}

resource "aws_cloudwatch_log_group" "booking" {
  name              = "/ecs/booking"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "booking" {
  family                   = "booking"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "booking"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/booking:1.4.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.booking.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "booking"
        }
      }
    },
    {
      name        = "appconfig"
      image       = "public.ecr.aws/aws-appconfig/aws-appconfig-agent:2.x" # ok: ECS809
      essential   = false
      environment = [{ name = "ROLE_ARN", value = aws_iam_role.configuration.arn }]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.booking.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "appconfig"
        }
      }
    }
  ])
}
