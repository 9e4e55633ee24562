# FireLens sends with the task role: its permission is not the agent's.
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
  name               = "clicks-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role" "task" {
  name               = "clicks-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_kinesis_stream" "logs" {
  name = "clicks-logs"

  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
}

data "aws_iam_policy_document" "stream" {
  statement {
    actions   = ["kinesis:PutRecords"]
    resources = [aws_kinesis_stream.logs.arn]
  }
}

resource "aws_iam_role_policy" "stream" {
  name   = "stream"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.stream.json
}

resource "aws_cloudwatch_log_group" "clicks" {
  name              = "/ecs/clicks"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "clicks" {
  family                   = "clicks"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "clicks"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/clicks:1.2.0"
      logConfiguration = {
        logDriver = "awsfirelens"
        options = {
          "Name"   = "kinesis_streams"
          "region" = "eu-west-1"
          "stream" = aws_kinesis_stream.logs.name
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
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.clicks.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "log-router"
        }
      }
    }
  ])
}
