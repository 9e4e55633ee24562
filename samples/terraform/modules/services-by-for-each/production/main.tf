locals {
  services = {
    cart    = { release = "3.8.1", secrets = ["payment-token"] }
    catalog = { release = "12.0.0", secrets = [] }
    reviews = { release = "0.7.4", secrets = ["moderation-key", "search-key"] }
  }
}

resource "aws_ecs_cluster" "this" {
  name = "production"
}

resource "aws_secretsmanager_secret" "this" {
  for_each = toset(flatten([for name, service in local.services : [for secret in service.secrets : "${name}/${secret}"]]))

  name = each.value
}

module "roles" {
  source   = "../modules/roles"
  for_each = local.services

  name             = each.key
  secret_arns      = [for secret in each.value.secrets : aws_secretsmanager_secret.this["${each.key}/${secret}"].arn]
  task_policy_arns = ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
}

module "service" {
  source   = "../modules/service"
  for_each = local.services

  name               = each.key
  image              = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/${each.key}:${each.value.release}"
  cluster_arn        = aws_ecs_cluster.this.arn
  subnet_ids         = var.private_subnet_ids
  execution_role_arn = module.roles[each.key].execution.arn
  task_role_arn      = module.roles[each.key].task.arn

  secrets = {
    for secret in each.value.secrets :
    upper(replace(secret, "-", "_")) => aws_secretsmanager_secret.this["${each.key}/${secret}"].arn # ok: ECS605
  }
}
