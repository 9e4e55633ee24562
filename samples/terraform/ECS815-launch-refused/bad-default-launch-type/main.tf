resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name  = "reports"
      image = "public.ecr.aws/docker/library/nginx:1.27"
    }
  ])
}

resource "aws_ecs_cluster" "reports" {
  name = "reports"
}

resource "aws_ecs_service" "reports" { # expect: ECS815
  name            = "reports"
  cluster         = aws_ecs_cluster.reports.id
  task_definition = aws_ecs_task_definition.reports.arn
  desired_count   = 1

  network_configuration {
    subnets = var.subnet_ids
  }
}

resource "aws_ecs_cluster" "spot" {
  name = "spot"
}

resource "aws_ecs_cluster_capacity_providers" "spot" {
  cluster_name       = aws_ecs_cluster.spot.name
  capacity_providers = ["FARGATE_SPOT"]

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    weight            = 1
  }
}

resource "aws_ecs_service" "on_spot" { # ok: ECS815
  name            = "reports-on-spot"
  cluster         = aws_ecs_cluster.spot.id
  task_definition = aws_ecs_task_definition.reports.arn
  desired_count   = 1

  network_configuration {
    subnets = var.subnet_ids
  }
}
