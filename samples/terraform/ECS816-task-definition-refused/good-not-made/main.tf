provider "aws" {
  region = "eu-west-1"
}

module "label" {
  source  = "app.terraform.io/acme/label/null"
  version = "1.0.0"
}

module "service_label" {
  source  = "app.terraform.io/acme/label/null"
  version = "1.0.0"
  context = module.label.context
}

module "containers" {
  source  = "app.terraform.io/acme/containers/aws"
  version = "1.0.0"
  count   = module.label.enabled ? 1 : 0
}

# Where there are no containers, there is no task definition: the labels go together, out of sight.
resource "aws_ecs_task_definition" "web" { # ok: ECS816
  count                    = module.service_label.enabled ? 1 : 0
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  container_definitions    = one(module.containers[*].json)
}
