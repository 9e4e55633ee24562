# One module deployed to two Regions: each task is judged where its own module is deployed.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "london"
  region = "eu-west-2"
}

module "ireland" {
  source    = "./region"
  parameter = "arn:aws:ssm:eu-west-1:*:parameter/nightly/token"
}

module "london" {
  source    = "./region"
  parameter = "arn:aws:ssm:eu-west-2:*:parameter/nightly/token"

  providers = {
    aws = aws.london
  }
}

# The policy was copied with its Region: in London the parameter is another one.
module "copied" {
  source    = "./region"
  name      = "hourly"
  parameter = "arn:aws:ssm:eu-west-1:*:parameter/nightly/token"

  providers = {
    aws = aws.london
  }
}
