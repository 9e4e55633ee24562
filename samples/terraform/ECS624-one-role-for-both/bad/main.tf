data "aws_iam_policy_document" "ecs_tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "newsletter" {
  name               = "newsletter"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.newsletter.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_sns_topic" "bounces" {
  name = "newsletter-bounces"
}

data "aws_iam_policy_document" "publish" {
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.bounces.arn]
  }
}

resource "aws_iam_role_policy" "publish" {
  name   = "publish-bounces"
  role   = aws_iam_role.newsletter.id
  policy = data.aws_iam_policy_document.publish.json
}

resource "aws_cloudwatch_log_group" "newsletter" {
  name              = "/ecs/newsletter"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "newsletter" {
  family                   = "newsletter"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.newsletter.arn
  task_role_arn            = aws_iam_role.newsletter.arn # expect: ECS624

  container_definitions = jsonencode([
    {
      name  = "newsletter"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/newsletter:0.9.1"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.newsletter.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "newsletter"
        }
      }
    }
  ])
}
