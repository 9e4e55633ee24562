resource "aws_ecr_repository" "reports" {
  name = "reports"
}

resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  requires_compatibilities = ["EC2"]
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name  = "reports"
      image = "${aws_ecr_repository.reports.repository_url}:1.4.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"        = "/ecs/reports"
          "awslogs-create-group" = "true"
          "awslogs-region"       = "eu-west-1"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "reports" {
  name            = "reports"
  cluster         = aws_ecs_cluster.reports.id
  task_definition = aws_ecs_task_definition.reports.arn
  desired_count   = 2

  capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.reports.name
    weight            = 1
  }
}
