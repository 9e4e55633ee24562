resource "aws_cloudwatch_log_group" "exec_audit" {
  name              = "/ecs/exec-audit"
  retention_in_days = 365
}

resource "aws_ecs_cluster" "production" {
  name = "production"

  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"

      log_configuration {
        cloud_watch_encryption_enabled = true # expect: ECS709 warning
        cloud_watch_log_group_name     = aws_cloudwatch_log_group.exec_audit.name
      }
    }
  }
}
