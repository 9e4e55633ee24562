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
  name               = "tariffs-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "AmazonECSTaskExecutionRolePolicy" # expect: ECS628
}

resource "aws_cloudwatch_log_group" "tariffs" {
  name              = "/ecs/tariffs"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "tariffs" {
  family                   = "tariffs"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "tariffs"
      image = "public.ecr.aws/docker/library/nginx:1.27"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.tariffs.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "tariffs"
        }
      }
    }
  ])
}
