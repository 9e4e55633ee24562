variable "cluster" {
  type = string
}

resource "aws_cloudwatch_log_group" "reports" {
  name              = "/ecs/reports"
  retention_in_days = 30
}

resource "aws_ecr_repository" "reports" {
  name = "reports"
}

resource "aws_ecs_task_definition" "reports" {
  family = "reports"

  container_definitions = jsonencode([
    {
      name   = "reports"
      memory = 512
      image  = "${aws_ecr_repository.reports.repository_url}:1.4.0" # ok: ECS602
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"  = aws_cloudwatch_log_group.reports.name # ok: ECS603
          "awslogs-region" = "eu-west-1"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "reports" {
  name            = "reports"
  cluster         = var.cluster
  task_definition = aws_ecs_task_definition.reports.arn
  desired_count   = 2
}
