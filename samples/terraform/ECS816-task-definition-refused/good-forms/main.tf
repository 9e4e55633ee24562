provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_task_definition" "api" {
  family       = "api"
  network_mode = "bridge" # ok: ECS816

  runtime_platform {
    cpu_architecture        = "X86_64" # ok: ECS816
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }

  container_definitions = jsonencode([
    {
      name        = "api"
      image       = "public.ecr.aws/docker/library/nginx:1.27"
      memory      = 512
      environment = [{ name = "LOG_LEVEL", value = "info" }] # ok: ECS816
      healthCheck = {                                        # ok: ECS816
        command = ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]
      }
    }
  ])
}
