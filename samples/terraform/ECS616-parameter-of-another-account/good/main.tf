resource "aws_ecs_task_definition" "billing" {
  family                   = "billing"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = "arn:aws:iam::111122223333:role/billing-execution"

  container_definitions = jsonencode([
    {
      name    = "billing"
      image   = "public.ecr.aws/docker/library/nginx:1.27"
      secrets = [{ name = "API_KEY", valueFrom = "arn:aws:ssm:eu-west-1:111122223333:parameter/shared/api-key" }] # ok: ECS616
    }
  ])
}
