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
  name               = "metrics-agent-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_cloudwatch_log_group" "metrics_agent" {
  name              = "/ecs/metrics-agent"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "metrics_agent" {
  family                   = "metrics-agent"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  volume {
    name      = "docker"
    host_path = "/var/run/docker.sock" # expect: ECS801 note
  }

  container_definitions = jsonencode([
    {
      name  = "metrics-agent"
      image = "public.ecr.aws/datadog/agent:7.58.0"
      mountPoints = [
        { sourceVolume = "docker", containerPath = "/var/run/docker.sock", readOnly = true }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.metrics_agent.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "metrics-agent"
        }
      }
    }
  ])
}
