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
  name               = "depot-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy" # expect: ECS631
}

resource "aws_cloudwatch_log_group" "depot" {
  name              = "/ecs/depot"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "depot" {
  family                   = "depot"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "depot"
      image = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/depot:1.4.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.depot.name
          "awslogs-region"        = "cn-north-1"
          "awslogs-stream-prefix" = "depot"
        }
      }
    }
  ])
}
