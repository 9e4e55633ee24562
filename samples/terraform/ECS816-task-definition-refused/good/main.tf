resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  volume {
    name = "data"
  }

  container_definitions = jsonencode([
    {
      name        = "web"
      image       = "public.ecr.aws/docker/library/nginx:1.27"
      mountPoints = [{ sourceVolume = "data", containerPath = "/data" }] # ok: ECS816
      dependsOn   = [{ containerName = "migrate", condition = "SUCCESS" }] # ok: ECS816
    },
    {
      name      = "migrate"
      image     = "public.ecr.aws/docker/library/alpine:3.20"
      essential = false
      command   = ["/bin/true"]
    }
  ])
}
