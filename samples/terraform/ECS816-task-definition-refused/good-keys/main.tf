provider "aws" {
  region = "eu-west-1"
}

variable "containers" {
  type = map(object({
    image         = string
    port_mappings = list(object({ container_port = number }))
  }))
  default = {
    api = {
      image         = "public.ecr.aws/docker/library/nginx:1.27"
      port_mappings = [{ container_port = 80 }] # ok: ECS816
    }
  }
}

resource "aws_ecs_task_definition" "api" {
  family = "api"

  container_definitions = jsonencode([
    for name, each in var.containers : {
      name         = name
      image        = each.image
      memory       = 512
      PortMappings = [for port in each.port_mappings : { containerPort = port.container_port }] # ok: ECS816
      dockerLabels = { port_mappings = "none" } # ok: ECS816
    }
  ])
}
