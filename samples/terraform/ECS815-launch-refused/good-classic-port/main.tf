variable "host_port" {
  type = number
}

resource "aws_ecs_task_definition" "shop" {
  family                   = "shop"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"

  container_definitions = jsonencode([
    {
      name         = "shop"
      image        = "public.ecr.aws/docker/library/nginx:1.27"
      memory       = 512
      portMappings = [{ containerPort = 80, hostPort = 80 }] # ok: ECS815
    },
    {
      name         = "admin"
      image        = "public.ecr.aws/docker/library/nginx:1.27"
      memory       = 512
      portMappings = [{ containerPort = 8080, hostPort = var.host_port }]
    }
  ])
}

resource "aws_ecs_cluster" "web" {
  name = "web"
}

resource "aws_ecs_service" "shop" {
  name            = "shop"
  cluster         = aws_ecs_cluster.web.arn
  task_definition = aws_ecs_task_definition.shop.arn
  launch_type     = "EC2"

  load_balancer {
    elb_name       = "shop"
    container_name = "shop"
    container_port = 80 # ok: ECS815
  }

  load_balancer {
    elb_name       = "admin"
    container_name = "admin"
    container_port = 8080 # ok: ECS815
  }
}
