resource "aws_secretsmanager_secret" "registry" {
  name = "storefront/registry"
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
      image = "registry.example.com/shop/storefront:7.4.0"
      repositoryCredentials = {
        credentialsParameter = aws_secretsmanager_secret.registry.arn # expect: ECS601
      }
    }
  ])
}
