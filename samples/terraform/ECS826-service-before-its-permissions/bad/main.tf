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
  name               = "gallery-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_cloudwatch_log_group" "gallery" {
  name              = "/ecs/gallery"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "gallery" {
  family                   = "gallery"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "gallery"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/gallery:1.4.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.gallery.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "gallery"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "gallery" { # expect: ECS826 note
  name            = "gallery"
  cluster         = var.cluster_arn
  task_definition = aws_ecs_task_definition.gallery.arn
  desired_count   = 2
  launch_type     = "FARGATE"

  network_configuration {
    subnets         = var.private_subnet_ids
    security_groups = [var.security_group_id]
  }
}
