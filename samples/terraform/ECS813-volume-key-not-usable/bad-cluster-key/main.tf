data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "key" {
  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

resource "aws_kms_key" "volumes" {
  description = "Volumes of the renderer"
  policy      = data.aws_iam_policy_document.key.json
}

data "aws_iam_policy_document" "ecs" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "volumes" {
  name               = "renderer-volumes"
  assume_role_policy = data.aws_iam_policy_document.ecs.json
}

resource "aws_iam_role_policy_attachment" "volumes" {
  role       = aws_iam_role.volumes.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSInfrastructureRolePolicyForVolumes"
}

resource "aws_ecs_task_definition" "renderer" {
  family                   = "renderer"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048

  container_definitions = jsonencode([
    {
      name        = "renderer"
      image       = "public.ecr.aws/docker/library/nginx:1.27"
      mountPoints = [{ sourceVolume = "frames", containerPath = "/frames" }]
    }
  ])

  volume {
    name                = "frames"
    configure_at_launch = true
  }
}

resource "aws_ecs_cluster" "media" {
  name = "media"

  configuration {
    managed_storage_configuration {
      kms_key_id = aws_kms_key.volumes.arn # expect: ECS813
    }
  }
}

resource "aws_ecs_service" "renderer" {
  name            = "renderer"
  cluster         = aws_ecs_cluster.media.arn
  task_definition = aws_ecs_task_definition.renderer.arn
  launch_type     = "FARGATE"
  desired_count   = 2

  network_configuration {
    subnets = var.subnet_ids
  }

  volume_configuration {
    name = "frames"

    managed_ebs_volume {
      role_arn   = aws_iam_role.volumes.arn
      size_in_gb = 200
    }
  }
}
