resource "aws_cloudwatch_log_group" "storefront" {
  name              = "/ecs/storefront"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "storefront" {
  family                   = "storefront"
  requires_compatibilities = ["EXTERNAL"]
  network_mode             = "bridge"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name  = "storefront"
      image = "public.ecr.aws/nginx/nginx:1.27"
      logConfiguration = {
        logDriver = "awslogs" # expect: ECS601 warning
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.storefront.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "storefront"
        }
      }
    }
  ])
}
