provider "aws" {
  region = "eu-west-1"
}

variable "image_tag" {
  type = string
}

resource "aws_ecs_task_definition" "api" {
  family = "api"

  container_definitions = jsonencode([
    {
      name   = "api"
      image  = "public.ecr.aws/docker/library/nginx:${var.image_tag}" # ok: ECS617
      memory = 512
    }
  ])
}
