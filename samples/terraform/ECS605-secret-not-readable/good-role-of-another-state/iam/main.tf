# The platform's roles; services read them from this root's state.
terraform {
  required_version = ">= 1.5"

  backend "s3" {
    bucket = "acme-terraform-states"
    key    = "platform/iam.tfstate"
    region = "eu-west-1"
  }
}

provider "aws" {
  region = "eu-west-1"
}

data "aws_iam_policy_document" "ecs_tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "platform-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

output "execution_role" {
  value = {
    arn  = aws_iam_role.execution.arn
    name = aws_iam_role.execution.name
  }
}
