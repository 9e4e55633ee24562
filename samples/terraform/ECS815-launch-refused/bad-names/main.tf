provider "aws" {
  region = "eu-west-1"
}

resource "aws_autoscaling_group" "instances" {
  name     = "instances"
  min_size = 1
  max_size = 2

  launch_template {
    id = "lt-0a1b2c3d4e5f60718"
  }
}

resource "aws_ecs_cluster" "shop" {
  name = "shop"
}

resource "aws_ecs_cluster_capacity_providers" "shop" {
  cluster_name       = aws_ecs_cluster.shop.name
  capacity_providers = ["FARGATE", aws_autoscaling_group.instances.arn] # expect: ECS815
}

resource "aws_ecs_service" "api" {
  name             = "api"
  cluster          = aws_ecs_cluster.shop.id
  task_definition  = "api:latest" # expect: ECS815
  launch_type      = "FARGATE"
  platform_version = "1.4" # expect: ECS815

  network_configuration {
    subnets = ["subnet-0a1b2c3d4e5f60718"]
  }
}

resource "aws_ecs_service" "worker" {
  name            = "worker"
  cluster         = aws_ecs_cluster.shop.id
  task_definition = jsonencode([{ name = "worker" }]) # expect: ECS815
  launch_type     = "FARGATE"

  network_configuration {
    subnets = ["subnet-0a1b2c3d4e5f60718"]
  }
}
