module "network" {
  source = "./network"
}

resource "aws_ecs_task_definition" "api" {
  family                   = "api"
  requires_compatibilities = ["EC2"]
  network_mode             = "awsvpc"

  container_definitions = jsonencode([
    {
      name   = "api"
      image  = "public.ecr.aws/docker/library/nginx:1.27"
      memory = 512
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
  launch_type     = "EC2"

  network_configuration {
    subnets         = module.network.subnets
    security_groups = module.network.security_groups # expect: ECS815
  }
}
