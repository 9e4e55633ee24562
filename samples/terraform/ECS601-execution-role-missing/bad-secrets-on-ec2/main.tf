resource "aws_secretsmanager_secret" "session_key" {
  name = "storefront/session-key"
}

resource "aws_cloudwatch_log_group" "storefront" {
  name              = "/ecs/storefront"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "storefront" {
  family                   = "storefront"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name  = "storefront"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/storefront:7.4.0"
      secrets = [
        { name = "SESSION_KEY", valueFrom = aws_secretsmanager_secret.session_key.arn } # expect: ECS601
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.storefront.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "storefront"
        }
      }
    }
  ])
}
