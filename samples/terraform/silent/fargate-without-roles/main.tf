# A public image, no logs, no secrets: no role is needed.
resource "aws_ecs_task_definition" "status_page" {
  family                   = "status-page"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name  = "status-page"
      image = "public.ecr.aws/nginx/nginx:1.27" # ok: ECS601
      portMappings = [
        { containerPort = 8080 }
      ]
    }
  ])
}
