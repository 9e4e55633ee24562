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
  name               = "chat-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_s3_bucket" "config" {
  bucket_prefix = "chat-config-"
}

data "aws_iam_policy_document" "config" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.config.arn}/*"]
  }

  statement {
    actions   = ["s3:GetBucketLocation"]
    resources = [aws_s3_bucket.config.arn]
  }
}

resource "aws_iam_role_policy" "config" {
  name   = "read-config"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.config.json
}

resource "aws_ecs_task_definition" "chat" {
  family                   = "chat"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "chat"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/chat:1.4.0"
      environmentFiles = [
        { type = "s3", value = "${aws_s3_bucket.config.arn}/chat.env" } # ok: ECS816
      ]
      logConfiguration = {
        logDriver = "awsfirelens"
      }
    },
    {
      name      = "log-router"
      image     = "public.ecr.aws/aws-observability/aws-for-fluent-bit:3.0.0"
      essential = true
      firelensConfiguration = {
        type = "fluentbit"
        options = {
          "config-file-type"  = "s3"
          "config-file-value" = "${aws_s3_bucket.config.arn}/fluent-bit.conf" # ok: ECS816
        }
      }
    }
  ])
}
