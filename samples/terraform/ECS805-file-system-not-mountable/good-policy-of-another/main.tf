# Whose policy it is that admits the task role alone, this file system's or another's, is not known.
variable "shared_file_system_id" {
  type = string
}

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
  name               = "cms-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_efs_file_system" "content" {
  encrypted = true
}

data "aws_iam_policy_document" "content" {
  statement {
    actions   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    resources = [aws_efs_file_system.content.arn]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.task.arn]
    }
  }
}

resource "aws_efs_file_system_policy" "content" {
  file_system_id = var.shared_file_system_id
  policy         = data.aws_iam_policy_document.content.json
}

resource "aws_iam_role" "task" {
  name               = "cms-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_cloudwatch_log_group" "cms" {
  name              = "/ecs/cms"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "cms" {
  family                   = "cms"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  volume {
    name = "content"

    efs_volume_configuration {
      file_system_id     = aws_efs_file_system.content.id # undecided: ECS805
      transit_encryption = "ENABLED"
    }
  }

  volume {
    name = "shared"

    efs_volume_configuration {
      file_system_id     = var.shared_file_system_id # undecided: ECS805
      transit_encryption = "ENABLED"
    }
  }

  container_definitions = jsonencode([
    {
      name  = "cms"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/cms:1.4.0"
      mountPoints = [
        { sourceVolume = "content", containerPath = "/var/www" },
        { sourceVolume = "shared", containerPath = "/var/shared" }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.cms.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "cms"
        }
      }
    }
  ])
}
