# Where the role goes out, somebody out of sight may give it what it lacks. Where it does not, nobody can.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "expose" {
  type        = bool
  description = "Let other stacks attach policies to the role"
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "reports-execution"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([{
    name      = "reports"
    image     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/reports:7" # expect: ECS602
    essential = true
  }])
}

output "execution_role" {
  value = var.expose ? aws_iam_role.execution.name : null
}
