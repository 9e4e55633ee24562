provider "aws" {
  region = "us-east-2"
}

resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = "arn:aws:iam::<account_id>:role/reports-execution" # expect: ECS816 warning

  container_definitions = jsonencode([
    {
      name      = "reports"
      image     = "public.ecr.aws/docker/library/nginx:1.27"
      essential = true
    }
  ])
}
