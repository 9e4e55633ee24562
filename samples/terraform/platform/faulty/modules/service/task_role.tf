data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values = [
        "arn:${data.aws_partition.current.partition}:ecs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:*",
      ]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "task" {
  name               = "shop-${var.name}-task"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "task" {
  dynamic "statement" {
    for_each = var.statements

    content {
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }

  statement {
    sid = "ExecChannels"
    actions = [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "ExecKey"
    actions   = ["kms:Decrypt"]
    resources = [var.exec.key_arn]
  }

  statement {
    sid       = "ExecLogGroups"
    actions   = ["logs:DescribeLogGroups"]
    resources = ["*"]
  }

  statement {
    sid       = "ExecLogs"
    actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"] # expect: ECS629
    resources = [var.exec.log_group_arn]
  }

  statement {
    sid       = "ExecBucket"
    actions   = ["s3:GetBucketLocation"]
    resources = [var.exec.bucket_arn]
  }

  statement {
    sid       = "ExecObjects"
    actions   = ["s3:PutObject"]
    resources = ["${var.exec.bucket_arn}/sessions/*"]
  }
}

resource "aws_iam_role_policy" "task" {
  name   = "shop-${var.name}-task"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.task.json
}
