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
  name               = "billing-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_ecr_repository" "billing" {
  name                 = "billing"
  image_tag_mutability = "IMMUTABLE"
}

resource "aws_cloudwatch_log_group" "billing" {
  name              = "/ecs/billing"
  retention_in_days = 30
}

data "aws_iam_policy_document" "execution" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.billing.arn}:*"]
  }
}

resource "aws_iam_role_policy" "execution" {
  name   = "log"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

resource "aws_ecs_task_definition" "billing" {
  family                   = "billing"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "billing"
      image = "${aws_ecr_repository.billing.repository_url}:4.1.2" # expect: ECS602
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.billing.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "billing"
        }
      }
    }
  ])
}

module "bastion" {
  source  = "terraform-aws-modules/ec2-instance/aws"
  version = "5.7.1"

  create_iam_instance_profile = true
}

resource "aws_iam_role_policy" "bastion" {
  name   = "log"
  role   = module.bastion.iam_role_name
  policy = data.aws_iam_policy_document.execution.json
}
