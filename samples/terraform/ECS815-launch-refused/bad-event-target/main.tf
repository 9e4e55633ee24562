resource "aws_ecs_task_definition" "billing" {
  family                   = "billing"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "billing"
      image        = "public.ecr.aws/docker/library/nginx:1.27"
      memory       = 512
      portMappings = [{ containerPort = 8080 }]
    }
  ])
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule     = "nightly"
  arn      = "arn:aws:ecs:eu-west-1:111122223333:cluster/billing"
  role_arn = "arn:aws:iam::111122223333:role/ecsEventsRole"

  ecs_target {
    task_definition_arn = aws_ecs_task_definition.billing.arn # expect: ECS815
    launch_type         = "FARGATE"
  }
}
