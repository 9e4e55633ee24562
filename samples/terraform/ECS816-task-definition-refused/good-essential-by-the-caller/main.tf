resource "aws_ecs_task_definition" "sidecar" { # ok: ECS816
  family                   = var.family
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name      = var.family
      image     = "public.ecr.aws/docker/library/nginx:1.27"
      essential = var.essential
    }
  ])
}
