variable "mode" {
  type    = string
  default = "managed"

  validation {
    condition     = contains(["managed", "own"], var.mode)
    error_message = "managed or own"
  }
}

variable "secret_arn" {
  description = "The provider's credentials, required in mode own"
  type        = string
  default     = ""
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "gateway-execution"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "secrets" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:gateway/*"]
  }
}

resource "aws_iam_role_policy" "secrets" {
  role   = aws_iam_role.execution.name
  policy = data.aws_iam_policy_document.secrets.json
}

resource "aws_ecs_task_definition" "gateway" {
  family                   = "gateway"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "gateway"
      image = "public.ecr.aws/docker/library/caddy:2.8"
      secrets = var.mode == "own" ? [
        {
          name      = "API_KEY"
          valueFrom = "${var.secret_arn}:api_key::" # undecided: ECS605
        }
      ] : []
    }
  ])
}

provider "aws" {
  region = "eu-west-1"
}
