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
  name               = "shipping-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role" "task" {
  name               = "shipping-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

data "aws_iam_policy_document" "logs" {
  statement {
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "logs" {
  name   = "ship-logs"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.logs.json
}

resource "aws_ecs_task_definition" "shipping" {
  family                   = "shipping"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "shipping"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shipping:1.4.0"
      logConfiguration = {
        logDriver = "awsfirelens"
        options = {
          "Name"               = "cloudwatch_logs" # expect: ECS806
          "region"             = "eu-west-1"
          "log_group_name"     = "/shipping/app"
          "log_stream_prefix"  = "app-"
          "auto_create_group"  = "On"
          "log_retention_days" = "14"
        }
      }
    },
    {
      name      = "log-router"
      image     = "public.ecr.aws/aws-observability/aws-for-fluent-bit:3.0.0"
      essential = true
      firelensConfiguration = {
        type = "fluentbit"
      }
    }
  ])
}
