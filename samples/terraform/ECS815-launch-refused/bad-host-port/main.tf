resource "aws_ecs_task_definition" "billing" {
  family                   = "billing"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "billing"
      image        = "public.ecr.aws/docker/library/nginx:1.27"
      memory       = 512
      portMappings = [{ containerPort = 8080, hostPort = 80 }] # expect: ECS815
    }
  ])
}
