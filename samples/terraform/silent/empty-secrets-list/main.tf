resource "aws_ecs_task_definition" "feed" {
  family                   = "feed"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name  = "feed"
      image = "public.ecr.aws/docker/library/redis:7.4"
      secrets = [
        for name, arn in var.secret_arns : { name = name, valueFrom = arn } # ok: ECS601 ECS605
      ]
    }
  ])
}
