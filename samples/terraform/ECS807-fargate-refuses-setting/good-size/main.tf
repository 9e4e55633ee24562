resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "1 vCPU"
  memory                   = "3 GB" # ok: ECS807

  container_definitions = jsonencode([
    {
      name  = "web"
      image = "public.ecr.aws/docker/library/nginx:1.27"
    }
  ])
}
