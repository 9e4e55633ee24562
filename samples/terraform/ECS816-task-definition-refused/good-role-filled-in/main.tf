provider "aws" {
  region = "us-east-2"
}

data "aws_caller_identity" "current" {}

resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  # ok(+1): ECS816
  execution_role_arn = replace(
    "arn:aws:iam::<account_id>:role/reports-execution",
    "<account_id>",
    data.aws_caller_identity.current.account_id,
  )

  container_definitions = jsonencode([
    {
      name      = "reports"
      image     = "public.ecr.aws/docker/library/nginx:1.27"
      essential = true
    }
  ])
}
