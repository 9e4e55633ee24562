provider "aws" {
  region = "eu-west-1"
}

module "network" {
  source = "./network"
}

resource "aws_ecs_cluster" "shop" {
  name = "shop"
}

data "aws_iam_policy_document" "instances" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "instances" {
  name               = "shop-instances"
  assume_role_policy = data.aws_iam_policy_document.instances.json
}

resource "aws_iam_role_policy_attachment" "instances" {
  role       = aws_iam_role.instances.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
}

resource "aws_iam_instance_profile" "instances" {
  name = "shop-instances"
  role = aws_iam_role.instances.name
}

resource "aws_launch_template" "instances" {
  name                   = "shop-instances"
  image_id               = "ami-0a1b2c3d4e5f60718"
  instance_type          = "t3.medium"
  vpc_security_group_ids = [module.network.instances_group]

  iam_instance_profile {
    name = aws_iam_instance_profile.instances.name
  }

  user_data = base64encode(<<-EOT
    #!/bin/bash
    echo ECS_CLUSTER=${aws_ecs_cluster.shop.name} >> /etc/ecs/ecs.config
  EOT
  )
}

resource "aws_autoscaling_group" "instances" {
  name                = "shop-instances"
  min_size            = 1
  max_size            = 3
  vpc_zone_identifier = module.network.private_subnets # expect: ECS828

  launch_template {
    id      = aws_launch_template.instances.id
    version = aws_launch_template.instances.latest_version
  }
}

resource "aws_ecs_task_definition" "orders" {
  family                   = "orders"
  requires_compatibilities = ["EC2"]
  network_mode             = "host"

  container_definitions = jsonencode([
    {
      name   = "orders"
      image  = "public.ecr.aws/docker/library/nginx:1.27"
      memory = 256
    }
  ])
}

resource "aws_ecs_service" "orders" {
  name            = "orders"
  cluster         = aws_ecs_cluster.shop.arn
  task_definition = aws_ecs_task_definition.orders.arn
  launch_type     = "EC2"
}
