terraform {
  required_version = ">= 1.5"

  backend "s3" {
    bucket = "acme-terraform"
    key    = "orders.tfstate"
    region = "eu-west-1"
  }
}

provider "aws" {
  region = "eu-west-1"
}

locals {
  name = "orders"
}

resource "aws_ecs_cluster" "this" {
  name = "prod"
}

# The deployment makes new revisions; Terraform makes the first one and leaves the rest alone.
resource "aws_ecs_service" "orders" {
  name                   = local.name
  cluster                = aws_ecs_cluster.this.id
  task_definition        = "orders"
  desired_count          = 2
  launch_type            = "FARGATE"
  enable_execute_command = true # ok: ECS702

  network_configuration {
    subnets = var.subnets
  }

  lifecycle {
    ignore_changes = [task_definition]
  }
}

variable "subnets" {
  type = list(string)
}

resource "aws_secretsmanager_secret" "database" {
  name = "orders/database"
}

resource "aws_cloudwatch_log_group" "orders" {
  name = "/ecs/orders"
}

resource "aws_ecr_repository" "orders" {
  name = "orders"
}
