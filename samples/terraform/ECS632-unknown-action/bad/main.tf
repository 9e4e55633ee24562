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
  name               = "voting-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role" "task" {
  name               = "voting-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_s3_bucket" "results" {
  bucket_prefix = "voting-results-"
}

data "aws_iam_policy_document" "results" {
  statement {
    actions   = ["s3:PutObjects"] # expect: ECS632
    resources = ["${aws_s3_bucket.results.arn}/*"]
  }
}

resource "aws_iam_role_policy" "results" {
  name   = "write-results"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.results.json
}

resource "aws_cloudwatch_log_group" "voting" {
  name              = "/ecs/voting"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "voting" {
  family                   = "voting"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "voting"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/voting:1.4.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.voting.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "voting"
        }
      }
    }
  ])
}
