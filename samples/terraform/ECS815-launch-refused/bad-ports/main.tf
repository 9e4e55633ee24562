provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_task_definition" "gateway" {
  family                   = "gateway"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"

  container_definitions = jsonencode([
    {
      name         = "gateway"
      image = "public.ecr.aws/docker/library/nginx:1.27"
      memory       = 512
      portMappings = [
        { name = "http", containerPort = 80 },
        { name = "http", containerPort = 81 }, # expect: ECS815
        { containerPortRange = "9000-8000" } # expect: ECS815
      ]
    }
  ])
}
