data "aws_iam_policy_document" "ecs_tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "crm-sync-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_cloudwatch_log_group" "crm_sync" {
  name              = "/ecs/crm-sync"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "crm_sync" {
  family                   = "crm-sync"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "crm-sync"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/crm-sync:1.4.0"
      environment = [
        { name = "CRM_URL", value = "https://crm.example.com" },
        { name = "CRM_PASSWORD", value = "tr0ub4dor&3" }, # expect: ECS802
        { name = "CACHE_PASSWORD", value = "hunter2hunter2" }, # expect: ECS802
        { name = "POSTGRES_PASSWORD", value = "postgres" }, # expect: ECS802
        { name = "QUEUE_PASSWORD", value = "abcabcabc" }, # ok: ECS802
        { name = "STORE_PASSWORD", value = "<store-password>" } # ok: ECS802
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.crm_sync.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "crm-sync"
        }
      }
    }
  ])
}
