# A policy document is never an empty text: the module makes the roles, whatever the document says.

provider "aws" {
  region = "eu-west-1"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"] # ok: ECS502
    }
  }
}

module "orders" {
  source = "./service"

  name         = "orders"
  trust_policy = data.aws_iam_policy_document.trust.json
}
