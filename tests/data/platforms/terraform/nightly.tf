module "reindex" {
  source = "./modules/scheduled_task"

  name            = "reindex"
  prefix          = local.prefix
  cluster_arn     = module.cluster.arn
  image           = "${aws_ecr_repository.gateway.repository_url}:${var.image_tag}"
  schedule        = "cron(0 3 * * ? *)"
  subnets         = var.private_subnets
  security_groups = var.security_groups
}

module "settlement" {
  source = "./modules/scheduled_task"

  name            = "settlement"
  prefix          = local.prefix
  cluster_arn     = module.cluster.arn
  image           = "${aws_ecr_repository.gateway.repository_url}:${var.image_tag}"
  schedule        = "rate(1 hour)"
  subnets         = var.private_subnets
  security_groups = var.security_groups
}
