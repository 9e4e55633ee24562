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
  name               = "intake-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_cloudwatch_log_group" "intake" {
  name              = "/ecs/intake"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "intake" {
  family                   = "intake"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "intake"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/intake:1.4.0"
      portMappings = [
        { containerPort = 8080 }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.intake.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "intake"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "intake" {
  name            = "intake"
  cluster         = var.cluster_arn
  task_definition = aws_ecs_task_definition.intake.arn
  desired_count   = 2
  launch_type     = "FARGATE"

  network_configuration {
    subnets         = var.private_subnet_ids
    security_groups = [var.security_group_id]
  }

  load_balancer {
    target_group_arn = var.target_group_arn
    container_name   = "intake"
    container_port   = 8080
  }
}
