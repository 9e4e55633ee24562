provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_task_definition" "api" {
  family = "api"

  container_definitions = jsonencode([
    {
      name   = "api"
      image  = "public.ecr.aws/docker/library/nginx:$IMAGE_TAG" # expect: ECS617
      memory = 512
    }
  ])
}
