provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_task_definition" "api" {
  family       = "api"
  network_mode = "brigde" # expect: ECS816

  runtime_platform {
    cpu_architecture = "x86_64" # expect: ECS816
  }

  container_definitions = jsonencode([
    {
      name   = "api"
      image  = "public.ecr.aws/docker/library/nginx:1.27"
      memory = 512
      environment = { # expect: ECS816
        LOG_LEVEL = "info"
      }
      healthCheck = [ # expect: ECS816
        {
          command = ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]
        }
      ]
    },
    {
      name   = "worker"
      image  = "public.ecr.aws/docker/library/nginx:1.27"
      memory = 512
      environment = [
        {
          name      = "DB_PASSWORD"
          valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter/db" # expect: ECS816 warning
        }
      ]
    }
  ])
}
