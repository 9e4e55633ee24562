# The worker keeps its uploads on EFS and sends its logs to Firehose through FireLens.
resource "aws_ecr_repository" "worker" {
  name = "shop/worker"
}

resource "aws_cloudwatch_log_group" "router" {
  name              = "/ecs/shop/worker/router"
  retention_in_days = 30
}

resource "aws_efs_file_system" "uploads" {
  encrypted = true
}

resource "aws_efs_file_system_policy" "uploads" {
  file_system_id = aws_efs_file_system.uploads.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = "*"
        Resource  = aws_efs_file_system.uploads.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

data "aws_iam_policy_document" "worker_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs.amazonaws.com"] # expect: ECS501
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "worker" {
  name               = "shop-worker-task"
  assume_role_policy = data.aws_iam_policy_document.worker_trust.json
}

data "aws_iam_policy_document" "worker" {
  statement {
    sid       = "Logs"
    actions   = ["firehose:PutRecords"] # expect: ECS632
    resources = ["arn:${data.aws_partition.current.partition}:firehose:${var.region}:${data.aws_caller_identity.current.account_id}:deliverystream/shop-worker"]
  }

  statement {
    sid       = "Uploads"
    actions   = ["elasticfilesystem:ClientMount"]
    resources = [aws_efs_file_system.uploads.arn]
  }
}

resource "aws_iam_role_policy" "worker" {
  name   = "shop-worker-task"
  role   = aws_iam_role.worker.id
  policy = data.aws_iam_policy_document.worker.json
}

resource "aws_ecs_task_definition" "worker" {
  family                   = "shop-worker"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.worker.arn

  volume {
    name = "uploads"

    efs_volume_configuration {
      file_system_id     = aws_efs_file_system.uploads.id # expect: ECS805 warning

      authorization_config {
        iam = "ENABLED" # expect: ECS804
      }
    }
  }

  container_definitions = jsonencode([
    {
      name             = "worker"
      image            = "${aws_ecr_repository.worker.repository_url}:${var.release}"
      essential        = true
      user             = "10001:10001"
      environmentFiles = [{ type = "s3", value = "${aws_s3_bucket.configuration.arn}/worker.env" }] # expect: ECS609
      secrets          = [{ name = "FEATURE_FLAGS", valueFrom = aws_ssm_parameter.feature_flags.arn }] # expect: ECS606
      mountPoints      = [{ sourceVolume = "uploads", containerPath = "/uploads" }]

      logConfiguration = {
        logDriver = "awsfirelens"
        options = {
          Name            = "firehose" # expect: ECS806
          region          = var.region
          delivery_stream = "shop-worker"
        }
      }
    },
    {
      name                  = "router"
      image                 = "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable"
      essential             = true
      user                  = "10001:10001"
      firelensConfiguration = { type = "fluentbit" }

      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.router.name
          awslogs-region        = var.region
          awslogs-stream-prefix = "router"
        }
      }
    },
  ])
}

resource "aws_ecs_service" "worker" {
  name            = "worker"
  cluster         = aws_ecs_cluster.shop.id
  task_definition = aws_ecs_task_definition.worker.arn
  desired_count   = 1
  launch_type     = "FARGATE"

  network_configuration {
    subnets         = var.subnet_ids
    security_groups = [var.security_group_id]
  }

  depends_on = [
    aws_iam_role_policy.execution,
    aws_iam_role_policy.worker,
    aws_iam_role_policy_attachment.execution,
  ]
}
