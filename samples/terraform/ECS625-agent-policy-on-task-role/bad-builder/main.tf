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
  name               = "radar-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_sqs_queue" "events" {
  name = "radar-events"
}

resource "aws_iam_role" "task" {
  name               = "radar-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

data "aws_iam_policy_document" "events" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.events.arn]
  }

  statement {
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage", # expect: ECS625 note
      "ecr:CompleteLayerUpload",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]
    resources = [aws_ecr_repository.builds.arn]
  }
}

resource "aws_iam_role_policy" "events" {
  name   = "send-events"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.events.json
}

resource "aws_ecr_repository" "builds" {
  name                 = "radar-builds"
  image_tag_mutability = "IMMUTABLE"
}

resource "aws_cloudwatch_log_group" "radar" {
  name              = "/ecs/radar"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "radar" {
  family                   = "radar"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "radar"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/radar:1.4.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.radar.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "radar"
        }
      }
    }
  ])
}
