module "service" {
  source   = "./modules/service"
  for_each = local.services

  name            = each.key
  prefix          = local.prefix
  region          = var.region
  cluster_id      = module.cluster.id
  image_tag       = var.image_tag
  cpu             = each.value.cpu
  memory          = each.value.memory
  port            = each.value.port
  subnets         = var.private_subnets
  security_groups = var.security_groups

  database_secret_arn = aws_secretsmanager_secret.database[each.key].arn
  feature_flags_arn   = aws_ssm_parameter.feature_flags.arn
  secrets_key_arn     = aws_kms_key.secrets.arn
}
