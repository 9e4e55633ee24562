provider "aws" {
  region = "eu-west-1"
}

variable "platform_version" {
  type = string
}

variable "revision" {
  type = string
}

resource "aws_autoscaling_group" "instances" {
  name     = "instances"
  min_size = 1
  max_size = 2

  launch_template {
    id = "lt-0a1b2c3d4e5f60718"
  }
}

resource "aws_ecs_capacity_provider" "instances" {
  name = aws_autoscaling_group.instances.name

  auto_scaling_group_provider {
    auto_scaling_group_arn = aws_autoscaling_group.instances.arn # ok: ECS815
  }
}

resource "aws_ecs_cluster" "shop" {
  name = "shop"
}

resource "aws_ecs_cluster_capacity_providers" "shop" {
  cluster_name       = aws_ecs_cluster.shop.name
  capacity_providers = ["FARGATE", aws_ecs_capacity_provider.instances.name] # ok: ECS815
}

resource "aws_ecs_service" "api" {
  name             = "api"
  cluster          = aws_ecs_cluster.shop.id
  task_definition  = "api:12" # ok: ECS815
  launch_type      = "FARGATE"
  platform_version = "1.5.0" # ok: ECS815

  network_configuration {
    subnets = ["subnet-0a1b2c3d4e5f60718"]
  }
}

resource "aws_ecs_service" "worker" {
  name             = "worker"
  cluster          = aws_ecs_cluster.shop.id
  task_definition  = "worker:${var.revision}" # ok: ECS815
  launch_type      = "FARGATE"
  platform_version = var.platform_version # ok: ECS815

  network_configuration {
    subnets = ["subnet-0a1b2c3d4e5f60718"]
  }
}
