resource "aws_ecs_task_definition" "service" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = var.name
      image        = "public.ecr.aws/docker/library/nginx:1.27"
      portMappings = [{ containerPort = 8080 }]
    }
  ])
}

resource "aws_ecs_cluster" "service" {
  name = "service"
}

resource "aws_ecs_service" "service" {
  name            = var.name
  cluster         = aws_ecs_cluster.service.id
  task_definition = aws_ecs_task_definition.service.arn
  launch_type     = "FARGATE"

  load_balancer {
    container_name   = var.name
    container_port   = 80 # expect: ECS815
    target_group_arn = var.target_group_arn
  }

  network_configuration {
    subnets = var.subnet_ids
  }
}
