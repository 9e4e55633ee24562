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
  name               = "ci-agent-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_cloudwatch_log_group" "ci_agent" {
  name              = "/ecs/ci-agent"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "ci_agent" {
  family                   = "ci-agent"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  volume {
    name = "workspace"
  }

  container_definitions = jsonencode([
    {
      name  = "ci-agent"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/ci-agent:1.4.0"
      mountPoints = [
        { sourceVolume = "workspace", containerPath = "/workspace" }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.ci_agent.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "ci-agent"
        }
      }
    }
  ])
}
