# Names of API calls that are authorized as actions of another name.
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
  name               = "exports-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

data "aws_iam_policy_document" "task" {
  statement {
    actions = [
      "s3:HeadObject",  # expect: ECS632
      "s3:ListObjects", # expect: ECS632
      "s3:CopyObject",  # expect: ECS632
      "s3:GetObject",
    ]
    resources = ["arn:aws:s3:::orders-exports", "arn:aws:s3:::orders-exports/*"]
  }

  statement {
    actions = [
      "s3:DeleteBucketCors",       # expect: ECS632
      "dynamodb:TransactGetItems", # expect: ECS632
      "dynamodb:Query",
    ]
    resources = ["*"]
  }

  statement {
    actions = [
      "dynamodb:UpdateItem",
      "dynamodb:TransactWriteItems", # expect: ECS632
    ]
    resources = ["*"]
  }

  statement {
    actions   = ["kms:ReEncrypt"] # expect: ECS632
    resources = ["*"]
  }

  statement {
    actions   = ["secretsmanager:GetSecret"] # expect: ECS632
    resources = ["arn:aws:secretsmanager:*:*:secret:exports/*"]
  }

  statement {
    actions   = ["secretmanager:ListSecrets"] # expect: ECS632
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "task" {
  name   = "exports"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.task.json
}

resource "aws_ecs_task_definition" "exports" {
  family                   = "exports"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "exports"
      image = "public.ecr.aws/docker/library/nginx:1.27"
    }
  ])
}
