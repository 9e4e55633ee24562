locals {
  services = {
    orders = {
      port = 8080
      statements = [
        { actions = ["sqs:SendMessage"], resources = [aws_sqs_queue.payments.arn] },
      ]
    }
    payments = {
      port = 8081
      statements = [
        { actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage"], resources = [aws_sqs_queue.payments.arn] },
      ]
    }
  }
}

resource "aws_sqs_queue" "payments" {
  name = "shop-payments"
}

resource "aws_ecr_repository" "service" {
  for_each = local.services

  name = "shop/${each.key}"
}

module "service" {
  source   = "./modules/service"
  for_each = local.services

  name              = each.key
  cluster_arn       = aws_ecs_cluster.shop.arn
  image             = "${aws_ecr_repository.service[each.key].repository_url}:${var.release}"
  port              = each.value.port
  execution_role    = aws_iam_role.execution
  statements        = each.value.statements
  subnet_ids        = var.subnet_ids
  security_group_id = var.security_group_id

  secrets = {
    DATABASE_URL  = "${aws_secretsmanager_secret.database[each.key].arn}:url::" # expect: ECS605 ECS607
    FEATURE_FLAGS = aws_ssm_parameter.feature_flags.arn # expect: ECS606
  }

  exec = {
    key_arn       = aws_kms_key.platform.arn
    log_group_arn = aws_cloudwatch_log_group.exec.arn
    bucket_arn    = aws_s3_bucket.exec.arn
  }

  depends_on = [
    aws_iam_role_policy.execution,
    aws_iam_role_policy_attachment.execution,
  ]
}
