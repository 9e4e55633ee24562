variable "subnet_ids" {
  type = list(string)
}

variable "namespace" {
  type = string
}

data "aws_ecs_task_definition" "quotes" {
  task_definition = "quotes"
}

resource "aws_secretsmanager_secret" "collector_token" {
  name = "quotes/collector-token"
}

resource "aws_ecs_cluster" "quotes" {
  name = "quotes"
}

resource "aws_ecs_service" "quotes" {
  name            = "quotes"
  cluster         = aws_ecs_cluster.quotes.id
  task_definition = data.aws_ecs_task_definition.quotes.arn # undecided: ECS603 ECS605 ECS606
  desired_count   = 2
  launch_type     = "FARGATE"

  network_configuration {
    subnets = var.subnet_ids
  }

  service_connect_configuration {
    enabled   = true
    namespace = var.namespace

    service {
      port_name = "http"

      client_alias {
        port = 80
      }
    }

    log_configuration {
      log_driver = "awslogs"

      options = {
        "awslogs-group"         = "/ecs/quotes"
        "awslogs-region"        = "eu-west-1"
        "awslogs-stream-prefix" = "proxy"
      }

      secret_option {
        name       = "collector-token"
        value_from = aws_secretsmanager_secret.collector_token.arn
      }
    }
  }
}
