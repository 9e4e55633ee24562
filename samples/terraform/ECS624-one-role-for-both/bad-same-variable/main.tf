resource "aws_cloudwatch_log_group" "newsletter" {
  name              = "/ecs/newsletter"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "newsletter" {
  family                   = "newsletter"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = var.role_arn
  task_role_arn            = var.role_arn # expect: ECS624

  container_definitions = jsonencode([
    {
      name  = "newsletter"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/newsletter:0.9.1"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.newsletter.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "newsletter"
        }
      }
    }
  ])
}
