resource "aws_kms_key" "platform" {
  description         = "Secrets and Exec sessions of the shop platform"
  enable_key_rotation = true
}

resource "aws_kms_alias" "platform" {
  name          = "alias/shop-platform"
  target_key_id = aws_kms_key.platform.key_id
}

resource "aws_cloudwatch_log_group" "exec" {
  name              = "/ecs/shop/exec"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.platform.arn
}

resource "aws_s3_bucket" "exec" {
  bucket = "shop-platform-exec-audit"
}

resource "aws_ecs_cluster" "shop" {
  name = "shop"

  configuration {
    execute_command_configuration {
      kms_key_id = aws_kms_key.platform.arn
      logging    = "OVERRIDE"

      log_configuration {
        cloud_watch_encryption_enabled = true
        cloud_watch_log_group_name     = aws_cloudwatch_log_group.exec.name # expect: ECS706 warning
        s3_bucket_name                 = aws_s3_bucket.exec.bucket
        s3_key_prefix                  = "sessions"
      }
    }
  }
}
