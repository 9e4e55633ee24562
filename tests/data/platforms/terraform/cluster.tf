module "cluster" {
  source = "./modules/cluster"

  name = local.prefix
}
