resource "aws_secretsmanager_secret" "database" {
  for_each = local.services

  name       = "${local.prefix}/${each.key}/database"
  kms_key_id = aws_kms_key.secrets.arn
}

resource "aws_ssm_parameter" "feature_flags" {
  name  = "/${local.prefix}/feature-flags"
  type  = "String"
  value = "{}"
}

resource "aws_secretsmanager_secret" "gateway_api_key" {
  name       = "${local.prefix}/gateway/api-key"
  kms_key_id = aws_kms_key.secrets.arn
}
