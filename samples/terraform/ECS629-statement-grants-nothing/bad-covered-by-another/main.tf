# The second statement's ListBucket grants nothing on objects; the first grants what it is meant for.
resource "aws_s3_bucket" "exports" {
  bucket = "orders-exports"
}

data "aws_iam_policy_document" "ecs_tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "task" {
  name               = "orders-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

data "aws_iam_policy_document" "task" {
  statement {
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.exports.arn]
  }

  statement {
    actions   = ["s3:ListBucket", "s3:PutObject"] # expect: ECS629 note
    resources = ["${aws_s3_bucket.exports.arn}/*"]
  }

  statement {
    actions = [
      "bedrock:InvokeModel",
      "lambda:InvokeFunction",
      "ssm:GetParameter"
    ] # ok: ECS629
    resources = [
      "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
      "arn:aws:lambda:eu-west-1:111122223333:function:price:live",
      "arn:aws:ssm:*::parameter/aws/service/ecs/*",
    ]
  }
}

resource "aws_iam_role_policy" "task" {
  name   = "orders"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.task.json
}

resource "aws_ecs_task_definition" "orders" {
  family                   = "orders"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "orders"
      image = "public.ecr.aws/docker/library/nginx:1.27"
    }
  ])
}
