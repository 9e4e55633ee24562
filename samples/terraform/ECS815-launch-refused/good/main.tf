resource "aws_ecs_task_definition" "billing" {
  family                   = "billing"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "billing"
      image        = "public.ecr.aws/docker/library/nginx:1.27"
      memory       = 512
      portMappings = [{ containerPort = 8080 }]
    }
  ])
}

resource "aws_ecs_cluster" "billing" {
  name = "billing"
}

resource "aws_ecs_service" "billing" {
  name             = "billing"
  cluster          = aws_ecs_cluster.billing.arn
  task_definition  = aws_ecs_task_definition.billing.arn
  launch_type      = "FARGATE" # ok: ECS815

  network_configuration {
    subnets = var.subnet_ids
  }

  load_balancer {
    target_group_arn = var.target_group_arn
    container_name   = aws_ecs_task_definition.billing.family # ok: ECS815
    container_port   = 8080                                   # ok: ECS815
  }
}
