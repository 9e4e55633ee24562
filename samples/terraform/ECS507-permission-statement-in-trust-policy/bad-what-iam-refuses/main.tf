data "aws_iam_policy_document" "ecs_tasks" {
  statement {
    actions = ["sts:*"] # expect: ECS507

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }

  statement {
    actions = ["sts:AssumeRole"]

    principals { # expect: ECS508
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_iam_role" "task" {
  name               = "exports-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_ecs_task_definition" "exports" {
  family                   = "exports"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "exports"
      image = "public.ecr.aws/docker/library/nginx:1.27"
    }
  ])
}
