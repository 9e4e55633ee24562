provider "aws" {
  region = "eu-central-1"
}

resource "aws_iam_role" "execution" {
  name = "reports-execution"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([{
    name  = "reports"
    image = "YOUR_ACCOUNT_ID.dkr.ecr.eu-central-1.amazonaws.com/reports:latest" # expect: ECS602
  }])
}
