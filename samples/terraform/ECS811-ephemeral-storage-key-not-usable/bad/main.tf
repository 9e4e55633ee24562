data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "storage" {
  statement {
    sid       = "Administration"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }

  statement {
    sid       = "Fargate"
    actions   = ["kms:GenerateDataKey*", "kms:Decrypt", "kms:DescribeKey"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["fargate.amazonaws.com"]
    }
  }
}

resource "aws_kms_key" "storage" {
  description         = "Ephemeral storage of the claims cluster"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.storage.json
}

resource "aws_ecs_cluster" "claims" {
  name = "claims"

  configuration {
    managed_storage_configuration {
      fargate_ephemeral_storage_kms_key_id = aws_kms_key.storage.arn # expect: ECS811
    }
  }
}
