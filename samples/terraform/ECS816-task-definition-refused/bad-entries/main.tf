provider "aws" {
  region = "eu-west-1"
}

resource "aws_efs_file_system" "data" {}

resource "aws_ecs_task_definition" "api" {
  family             = "api"
  execution_role_arn = "arn:aws:iam::123456789012:role/api-execution"

  volume {
    name      = "data"
    host_path = "/srv/data" # expect: ECS816

    efs_volume_configuration {
      file_system_id = aws_efs_file_system.data.id
    }
  }

  container_definitions = jsonencode([
    {
      name   = "api"
      image  = "public.ecr.aws/docker/library/nginx:1.27"
      memory = 512
      environment = [
        { name = "DB_HOST", value = "db.internal" },
        { LOG_LEVEL = "info" }, # expect: ECS816 warning
        { value = "eu" } # expect: ECS816
      ]
      secrets = [
        {
          name      = "DB_HOST" # expect: ECS816
          valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/db-host"
        },
        {
          name      = "APP_ENV"
          valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/env"
        },
        {
          name      = "APP_ENV" # expect: ECS816
          valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/env"
        }
      ]
    },
    { # expect: ECS816
      image  = "public.ecr.aws/docker/library/busybox:1.37"
      memory = 128
    },
    { # expect: ECS816
      name   = "sidecar"
      memory = 128
    }
  ])
}
