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
  name               = "scratch-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

data "aws_iam_policy_document" "ecs" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs.amazonaws.com"] # ok: ECS505
    }
  }
}

resource "aws_iam_role" "infrastructure" {
  name               = "scratch-infrastructure"
  assume_role_policy = data.aws_iam_policy_document.ecs.json
}

resource "aws_iam_role_policy_attachment" "infrastructure" {
  role       = aws_iam_role.infrastructure.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSInfrastructureRolePolicyForVolumes"
}

resource "aws_cloudwatch_log_group" "scratch" {
  name              = "/ecs/scratch"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "scratch" {
  family                   = "scratch"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  volume {
    name                = "scratch"
    configure_at_launch = true
  }

  container_definitions = jsonencode([
    {
      name  = "scratch"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scratch:1.4.0"
      mountPoints = [
        { sourceVolume = "scratch", containerPath = "/scratch" }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.scratch.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "scratch"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "scratch" {
  name            = "scratch"
  cluster         = var.cluster_arn
  task_definition = aws_ecs_task_definition.scratch.arn
  desired_count   = 2
  launch_type     = "FARGATE"

  network_configuration {
    subnets         = var.private_subnet_ids
    security_groups = [var.security_group_id]
  }

  volume_configuration {
    name = "scratch"

    managed_ebs_volume {
      role_arn         = aws_iam_role.infrastructure.arn
      size_in_gb       = 200
      file_system_type = "xfs"
    }
  }
}
