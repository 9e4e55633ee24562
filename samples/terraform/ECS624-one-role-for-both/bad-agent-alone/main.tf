# What is in the role is for the agent alone.
data "aws_iam_policy_document" "ecs_tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "digest" {
  name               = "digest"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.digest.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_cloudwatch_log_group" "digest" {
  name              = "/ecs/digest"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "digest" {
  family                   = "digest"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.digest.arn
  task_role_arn            = aws_iam_role.digest.arn # expect: ECS624

  container_definitions = jsonencode([
    {
      name  = "digest"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/digest:0.9.1"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.digest.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "digest"
        }
      }
    }
  ])
}
