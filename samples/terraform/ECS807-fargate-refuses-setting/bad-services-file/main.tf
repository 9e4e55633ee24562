# What services are is written in a file beside the code: a fault stands there, and is mended there.

locals {
  services = yamldecode(file("${path.module}/services.yaml"))
}

resource "aws_ecs_task_definition" "service" {
  for_each = local.services

  family                   = each.key
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.size.cpu
  memory                   = each.value.size.memory

  container_definitions = jsonencode([
    {
      name  = each.key
      image = each.value.image
    }
  ])
}
