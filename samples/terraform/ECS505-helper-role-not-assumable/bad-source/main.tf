# The source of the role's session is another rule, schedule group or state machine than the trust policies name.
provider "aws" {
  region = "eu-west-1"
}

data "aws_caller_identity" "current" {}

resource "aws_ecs_cluster" "reports" {
  name = "reports"
}

resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    { name = "reports", image = "public.ecr.aws/docker/library/python:3.12" }
  ])
}

resource "aws_iam_role" "rule" {
  name = "reports-rule"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.weekly.arn } # expect: ECS505
      }
    }]
  })
}

resource "aws_iam_role_policy" "rule" {
  name = "run-task"
  role = aws_iam_role.rule.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "ecs:RunTask", Resource = "${aws_ecs_task_definition.reports.arn_without_revision}:*" },
    ]
  })
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "nightly"
  schedule_expression = "cron(0 3 * * ? *)"
}

resource "aws_cloudwatch_event_rule" "weekly" {
  name                = "weekly"
  schedule_expression = "cron(0 3 ? * MON *)"
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule     = aws_cloudwatch_event_rule.nightly.name
  arn      = aws_ecs_cluster.reports.arn
  role_arn = aws_iam_role.rule.arn

  ecs_target {
    launch_type         = "FARGATE"
    task_definition_arn = aws_ecs_task_definition.reports.arn

    network_configuration {
      subnets = ["subnet-0a1b2c3d4e5f60718"]
    }
  }
}

resource "aws_iam_role" "schedule" {
  name = "reports-schedule"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        ArnEquals = { "aws:SourceArn" = aws_scheduler_schedule_group.jobs.arn } # expect: ECS505
      }
    }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  name = "run-task"
  role = aws_iam_role.schedule.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "ecs:RunTask", Resource = "${aws_ecs_task_definition.reports.arn_without_revision}:*" },
    ]
  })
}

resource "aws_scheduler_schedule_group" "jobs" {
  name = "jobs"
}

resource "aws_scheduler_schedule" "monthly" {
  name                = "monthly"
  schedule_expression = "rate(30 days)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_ecs_cluster.reports.arn
    role_arn = aws_iam_role.schedule.arn

    ecs_parameters {
      launch_type         = "FARGATE"
      task_definition_arn = aws_ecs_task_definition.reports.arn

      network_configuration {
        subnets = ["subnet-0a1b2c3d4e5f60718"]
      }
    }
  }
}
