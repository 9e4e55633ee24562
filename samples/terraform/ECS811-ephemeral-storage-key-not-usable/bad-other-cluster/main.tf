locals {
  clusters = {
    claims   = "claims-production"
    payments = "payments-production"
  }
}

data "aws_caller_identity" "current" {}

resource "aws_kms_key" "storage" {
  description         = "Ephemeral storage of all clusters"
  enable_key_rotation = true
}

resource "aws_kms_key_policy" "storage" {
  key_id = aws_kms_key.storage.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Administration"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Fargate"
        Effect    = "Allow"
        Principal = { Service = "fargate.amazonaws.com" }
        Action    = ["kms:GenerateDataKeyWithoutPlaintext", "kms:CreateGrant"]
        Resource  = "*"
        Condition = {
          StringEquals = {
            "kms:EncryptionContext:aws:ecs:clusterAccount" = data.aws_caller_identity.current.account_id
            "kms:EncryptionContext:aws:ecs:clusterName"    = local.clusters.claims
          }
        }
      },
    ]
  })
}

resource "aws_ecs_cluster" "claims" {
  name = local.clusters.claims

  configuration {
    managed_storage_configuration {
      fargate_ephemeral_storage_kms_key_id = aws_kms_key.storage.arn # ok: ECS811
    }
  }
}

resource "aws_ecs_cluster" "payments" {
  name = local.clusters.payments

  configuration {
    managed_storage_configuration {
      fargate_ephemeral_storage_kms_key_id = aws_kms_key.storage.arn # expect: ECS811
    }
  }
}
