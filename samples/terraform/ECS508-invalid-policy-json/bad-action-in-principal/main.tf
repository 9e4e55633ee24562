resource "aws_iam_role" "execution" {
  name               = "notifications-execution"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { # expect: ECS508
        Effect = "Allow"
        Principal = {
          Service = "ecs-tasks.amazonaws.com"
          Action  = "sts:AssumeRole"
        }
      }
    ]
  })
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_cloudwatch_log_group" "notifications" {
  name              = "/ecs/notifications"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "notifications" {
  family                   = "notifications"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "notifications"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/notifications:3.2.1"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.notifications.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "notifications"
        }
      }
    }
  ])
}
