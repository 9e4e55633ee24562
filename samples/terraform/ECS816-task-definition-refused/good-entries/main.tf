provider "aws" {
  region = "eu-west-1"
}

variable "extra" {
  type        = map(string)
  description = "More settings of the container's."
}

variable "name" {
  type = string
}

variable "level" {
  type    = string
  default = null
}

resource "aws_efs_file_system" "data" {}

resource "aws_ecs_task_definition" "api" {
  family             = "api"
  execution_role_arn = "arn:aws:iam::123456789012:role/api-execution"

  volume {
    name      = "data"
    host_path = "" # ok: ECS816

    efs_volume_configuration {
      file_system_id = aws_efs_file_system.data.id
    }
  }

  volume {
    name      = "cache"
    host_path = "/srv/cache" # ok: ECS816
  }

  container_definitions = jsonencode([
    merge({ # ok: ECS816
      image  = "public.ecr.aws/docker/library/nginx:1.27"
      memory = 512
    }, var.extra),
    {
      name   = "worker"
      image  = "public.ecr.aws/docker/library/nginx:1.27"
      memory = 512
      environment = [
        { name = "DB_NAME", value = "" }, # ok: ECS816
        { name = var.name, value = "x" }, # ok: ECS816
        merge({ value = "eu" }, var.extra), # ok: ECS816
        {} # ok: ECS816
      ]
      secrets = [
        {
          name      = "DB_HOST" # ok: ECS816
          valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/db-host"
        },
        {
          name      = "APP_ENV" # ok: ECS816
          valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/env"
        }
      ]
    }
  ])
}
