resource "aws_cloudwatch_log_group" "reports" {
  name              = "/ecs/reports"
  retention_in_days = 30
}

resource "aws_ecr_repository" "reports" {
  name = "reports"
}

resource "aws_ecs_task_definition" "reports" {
  family       = "reports"
  network_mode = "bridge"

  container_definitions = jsonencode([
    {
      name   = "reports"
      memory = 512
      image  = "${aws_ecr_repository.reports.repository_url}:1.4.0" # ok: ECS602
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"  = aws_cloudwatch_log_group.reports.name
          "awslogs-region" = "eu-west-1"
        }
      }
    }
  ])
}
