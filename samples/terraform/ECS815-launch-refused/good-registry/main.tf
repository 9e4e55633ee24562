variable "subnet_ids" {
  type = list(string)
}

variable "namespace_id" {
  type = string
}

resource "aws_service_discovery_service" "api" {
  name = "api"

  dns_config {
    namespace_id = var.namespace_id

    dns_records {
      type = "SRV"
      ttl  = 60
    }
  }
}

resource "aws_ecs_task_definition" "api" {
  family                   = "api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "api"
      image        = "public.ecr.aws/docker/library/nginx:1.27"
      portMappings = [{ containerPort = 8080 }]
    }
  ])
}

resource "aws_ecs_cluster" "apps" {
  name = "apps"
}

resource "aws_ecs_service" "api" {
  name            = "api"
  cluster         = aws_ecs_cluster.apps.arn
  task_definition = aws_ecs_task_definition.api.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets = var.subnet_ids
  }

  service_registries {
    registry_arn   = aws_service_discovery_service.api.arn
    container_name = "api"
    container_port = 8080 # ok: ECS815
  }
}
