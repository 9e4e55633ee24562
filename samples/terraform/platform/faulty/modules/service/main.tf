data "aws_region" "current" {}
data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/shop/${var.name}"
  retention_in_days = 90
}

resource "aws_ecs_task_definition" "this" {
  family                   = "shop-${var.name}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = var.execution_role.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name         = var.name
      image        = var.image
      essential    = true
      user         = "10001:10001"
      portMappings = [{ containerPort = var.port }]

      linuxParameters = {
        initProcessEnabled = true
      }

      environment = [
        { name = "SESSION_SECRET", value = "k2Jd93nvLw0q" }, # expect: ECS802
      ]

      secrets = [for variable, source in var.secrets : { name = variable, valueFrom = source }]

      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.this.name
          awslogs-region        = data.aws_region.current.region
          awslogs-stream-prefix = var.name
        }
      }
    },
  ])
}

resource "aws_ecs_service" "this" {
  name                   = var.name
  cluster                = var.cluster_arn
  task_definition        = aws_ecs_task_definition.this.arn
  desired_count          = 2
  launch_type            = "FARGATE"
  enable_execute_command = true # expect: ECS702

  network_configuration {
    subnets         = var.subnet_ids
    security_groups = [var.security_group_id]
  }

  depends_on = [aws_iam_role_policy.task]
}
