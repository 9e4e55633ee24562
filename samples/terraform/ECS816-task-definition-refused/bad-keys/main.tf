provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_task_definition" "api" {
  family = "api"

  volume { # ok: ECS816
    name = "cache"
  }

  container_definitions = jsonencode([
    {
      name   = "api"
      image  = "public.ecr.aws/docker/library/nginx:1.27"
      memory = 512
      port_mappings = [ # expect: ECS816 warning
        {
          container_port = 80 # expect: ECS816 warning
        }
      ]
      mountPoints = [
        {
          source_volume = "cache" # expect: ECS816 warning
          containerPath = "/cache"
        }
      ]
      log_configuration = null # ok: ECS816
    }
  ])
}
