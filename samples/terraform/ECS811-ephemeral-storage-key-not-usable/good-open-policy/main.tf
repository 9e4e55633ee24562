resource "aws_kms_key" "storage" {
  description         = "Ephemeral storage of the claims cluster"
  enable_key_rotation = true
}

resource "aws_kms_key_policy" "storage" {
  key_id = aws_kms_key.storage.key_id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Everyone"
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_ecs_cluster" "claims" {
  name = "claims"

  configuration {
    managed_storage_configuration {
      fargate_ephemeral_storage_kms_key_id = aws_kms_key.storage.arn # ok: ECS811
    }
  }
}
