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
  name               = "audit-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_s3_bucket" "reports" {
  bucket_prefix = "audit-reports-"
}

resource "aws_iam_role" "task" {
  name               = "audit-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

data "aws_iam_policy_document" "reports" {
  statement {
    actions   = ["s3:PutObject"] # ok: ECS629
    resources = ["${aws_s3_bucket.reports.arn}/*"]
  }

  statement {
    actions = ["s3:GetObject"] # ok: ECS629
    resources = [
      "arn:aws:s3:eu-west-1:123456789012:accesspoint/reports/object/*",
      "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/object/*",
    ]
  }

  statement {
    actions   = ["ssm:SendCommand"] # ok: ECS629
    resources = ["arn:aws:ssm:eu-west-1::document/AWS-RunShellScript"]
  }

  statement {
    actions   = ["dynamodb:GetRecords"] # ok: ECS629
    resources = ["arn:aws:dynamodb:eu-west-1:123456789012:table/audit/stream/2026-01-31T09:30:00.000"]
  }
}

resource "aws_iam_role_policy" "reports" {
  name   = "write-reports"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.reports.json
}

resource "aws_cloudwatch_log_group" "audit" {
  name              = "/ecs/audit"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "audit" {
  family                   = "audit"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "audit"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/audit:1.4.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.audit.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "audit"
        }
      }
    }
  ])
}
