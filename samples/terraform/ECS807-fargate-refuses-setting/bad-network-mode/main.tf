resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "bridge" # expect: ECS807
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name  = "web"
      image = "public.ecr.aws/docker/library/nginx:1.27"
    }
  ])
}
