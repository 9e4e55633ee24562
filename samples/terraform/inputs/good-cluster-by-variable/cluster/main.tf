data "aws_iam_policy_document" "ec2" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "instance" {
  name               = "reports-instance"
  assume_role_policy = data.aws_iam_policy_document.ec2.json
}

data "aws_iam_policy_document" "agent" {
  statement {
    actions = [
      "ecs:DiscoverPollEndpoint",
      "ecs:Poll",
      "ecs:RegisterContainerInstance",
      "ecs:StartTelemetrySession",
      "ecs:SubmitAttachmentStateChanges",
      "ecs:SubmitTaskStateChange",
    ]
    resources = ["*"]
  }

  statement {
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    actions   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = ["*"]
  }

  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:eu-west-1:*:log-group:/ecs/*"]
  }
}

resource "aws_iam_role_policy" "agent" {
  role   = aws_iam_role.instance.name
  policy = data.aws_iam_policy_document.agent.json
}

resource "aws_iam_instance_profile" "instance" {
  name = "reports-instance"
  role = aws_iam_role.instance.name
}

resource "aws_launch_template" "reports" {
  name_prefix   = "reports-"
  image_id      = var.ami_id
  instance_type = "m7g.large"

  user_data = base64encode(<<-EOT
    #!/bin/bash
    echo ECS_CLUSTER=${aws_ecs_cluster.reports.name} >> /etc/ecs/ecs.config
  EOT
  )

  iam_instance_profile {
    arn = aws_iam_instance_profile.instance.arn # ok: ECS825
  }
}

resource "aws_autoscaling_group" "reports" {
  name                = "reports"
  min_size            = 1
  max_size            = 4
  vpc_zone_identifier = var.subnet_ids

  launch_template {
    id      = aws_launch_template.reports.id
    version = "$Latest"
  }
}

resource "aws_ecs_capacity_provider" "reports" {
  name = "reports"

  auto_scaling_group_provider {
    auto_scaling_group_arn = aws_autoscaling_group.reports.arn
  }
}

resource "aws_ecs_cluster" "reports" {
  name = "reports"
}

resource "aws_ecs_cluster_capacity_providers" "reports" {
  cluster_name       = aws_ecs_cluster.reports.name
  capacity_providers = [aws_ecs_capacity_provider.reports.name]
}
