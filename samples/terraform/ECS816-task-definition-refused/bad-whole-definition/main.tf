provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_task_definition" "api" {
  family = "api"

  container_definitions = jsonencode({ # expect: ECS816
    family = "api"
    containerDefinitions = [
      {
        name   = "api"
        image  = "public.ecr.aws/docker/library/nginx:1.27"
        memory = 512
      }
    ]
  })
}
