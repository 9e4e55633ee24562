terraform {
  required_version = ">= 1.5"

  backend "s3" {
    bucket = "acme-terraform-states"
    key    = "services/ledger.tfstate"
    region = "eu-west-1"
  }
}

provider "aws" {
  region = "eu-west-1"
}

data "terraform_remote_state" "platform" {
  backend = "s3"

  config = {
    bucket = "acme-terraform-states"
    key    = "platform/iam.tfstate"
    region = "eu-west-1"
  }
}

resource "aws_secretsmanager_secret" "api_key" {
  name = "ledger/api-key"
}

resource "aws_ecs_task_definition" "ledger" {
  family                   = "ledger"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = data.terraform_remote_state.platform.outputs.execution_role.arn

  container_definitions = jsonencode([
    {
      name  = "ledger"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/ledger:4.0.0"
      secrets = [
        {
          name      = "API_KEY"
          valueFrom = aws_secretsmanager_secret.api_key.arn # expect: ECS605
        }
      ]
    }
  ])
}
