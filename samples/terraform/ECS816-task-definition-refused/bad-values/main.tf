resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"

  placement_constraints {
    type = "distinctInstance" # expect: ECS816
  }

  container_definitions = jsonencode([
    {
      name   = "report builder" # expect: ECS816
      image  = "public.ecr.aws/docker/library/nginx:1.27"
      memory = 512
      ulimits = [
        { name = "nofiles", softLimit = 4096, hardLimit = 4096 }, # expect: ECS816
        { name = "memory", softLimit = 1024, hardLimit = 1024 }   # expect: ECS816
      ]
      healthCheck = {
        command     = ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]
        interval    = 1   # expect: ECS816
        timeout     = 90  # expect: ECS816
        retries     = 12  # expect: ECS816
        startPeriod = 600 # expect: ECS816
      }
    }
  ])
}
