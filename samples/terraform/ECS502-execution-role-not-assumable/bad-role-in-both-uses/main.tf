data "aws_iam_policy_document" "assume_role" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"] # expect: ECS502
    }
  }
}

resource "aws_iam_role" "app" {
  name               = "checkout"
  assume_role_policy = data.aws_iam_policy_document.assume_role.json
}

resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_s3_bucket" "receipts" {
  bucket_prefix = "checkout-receipts-"
}

data "aws_iam_policy_document" "receipts" {
  statement {
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.receipts.arn}/*"]
  }
}

resource "aws_iam_role_policy" "receipts" {
  name   = "receipts"
  role   = aws_iam_role.app.id
  policy = data.aws_iam_policy_document.receipts.json
}

resource "aws_cloudwatch_log_group" "checkout" {
  name              = "/ecs/checkout"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "checkout" {
  family                   = "checkout"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.app.arn
  task_role_arn            = aws_iam_role.app.arn # expect: ECS624

  container_definitions = jsonencode([
    {
      name  = "checkout"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/checkout:1.19.4"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.checkout.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "checkout"
        }
      }
    }
  ])
}
