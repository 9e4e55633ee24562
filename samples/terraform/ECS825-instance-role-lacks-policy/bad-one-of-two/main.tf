data "aws_iam_policy_document" "ec2" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

locals {
  agent = [
    "ecs:DiscoverPollEndpoint",
    "ecs:Poll",
    "ecs:RegisterContainerInstance",
    "ecs:SubmitAttachmentStateChanges",
    "ecs:SubmitContainerStateChange",
    "ecs:SubmitTaskStateChange",
  ]
  pull = ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]

  groups = { gpu = local.agent, general = concat(local.agent, local.pull) }
}

resource "aws_iam_role" "instance" {
  for_each = local.groups

  name               = "ecs-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.ec2.json
}

resource "aws_iam_role_policy" "instance" {
  for_each = local.groups

  role = aws_iam_role.instance[each.key].id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = each.value, Resource = "*" }]
  })
}

resource "aws_iam_instance_profile" "instance" {
  for_each = local.groups

  name = "ecs-${each.key}"
  role = aws_iam_role.instance[each.key].name
}

resource "aws_launch_template" "gpu" {
  image_id      = var.ami_id
  instance_type = "g5.xlarge"

  iam_instance_profile {
    arn = aws_iam_instance_profile.instance["gpu"].arn # expect: ECS825
  }
}

resource "aws_launch_template" "general" {
  image_id      = var.ami_id
  instance_type = "m7g.large"
  user_data     = base64encode("#!/bin/bash\necho ECS_CLUSTER=${aws_ecs_cluster.models.name} >> /etc/ecs/ecs.config\n")

  iam_instance_profile {
    arn = aws_iam_instance_profile.instance["general"].arn # ok: ECS825
  }
}

resource "aws_autoscaling_group" "gpu" {
  min_size = 0
  max_size = 4

  launch_template {
    id = aws_launch_template.gpu.id
  }
}

resource "aws_ecs_capacity_provider" "gpu" {
  name = "gpu"

  auto_scaling_group_provider {
    auto_scaling_group_arn = aws_autoscaling_group.gpu.arn
  }
}

resource "aws_ecs_cluster" "models" {
  name = "models"
}

resource "aws_ecs_task_definition" "inference" {
  family = "inference"

  container_definitions = jsonencode([
    {
      name   = "inference"
      image  = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/inference:7"
      memory = 8192
    }
  ])
}

resource "aws_ecs_service" "inference" {
  name            = "inference"
  cluster         = aws_ecs_cluster.models.id
  task_definition = aws_ecs_task_definition.inference.arn

  capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.gpu.name
    weight            = 1
  }
}

resource "aws_ecs_task_definition" "router" {
  family = "router"

  container_definitions = jsonencode([
    {
      name   = "router"
      image  = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/router:7"
      memory = 512
    }
  ])
}

resource "aws_ecs_service" "router" {
  name            = "router"
  cluster         = aws_ecs_cluster.models.id
  task_definition = aws_ecs_task_definition.router.arn
}

resource "aws_ecs_cluster_capacity_providers" "models" {
  cluster_name       = aws_ecs_cluster.models.name
  capacity_providers = [aws_ecs_capacity_provider.gpu.name]
}
