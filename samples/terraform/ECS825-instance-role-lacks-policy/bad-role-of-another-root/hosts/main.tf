provider "aws" {
  region = "eu-west-1"
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id"
}

resource "aws_ecs_cluster" "shop" {
  name = "shop"
}

resource "aws_iam_instance_profile" "instances" {
  name = "container-instances"
  role = "container-instances"
}

resource "aws_launch_template" "instances" {
  name_prefix   = "shop-"
  image_id      = data.aws_ssm_parameter.image.value
  instance_type = "m7g.large"

  iam_instance_profile {
    arn = aws_iam_instance_profile.instances.arn # expect: ECS825
  }

  user_data = base64encode(<<-EOT
    #!/bin/bash
    echo ECS_CLUSTER=${aws_ecs_cluster.shop.name} >> /etc/ecs/ecs.config
  EOT
  )
}
