# Whatever starts a notebook gives it its user's role; without an override it must not start at all.
resource "aws_iam_role" "notebook" {
  name = "notebook-placeholder"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Deny" # ok: ECS501
        Principal = { Service = "ecs-tasks.amazonaws.com" }
        Action    = "sts:AssumeRole"
      },
    ]
  })
}

resource "aws_ecs_task_definition" "notebook" {
  family                   = "notebook"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  task_role_arn            = aws_iam_role.notebook.arn

  container_definitions = jsonencode([
    {
      name      = "notebook"
      image     = "public.ecr.aws/docker/library/python:3.13-slim"
      essential = true
    },
  ])
}
