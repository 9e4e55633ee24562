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
  name               = "reports-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

data "aws_iam_policy_document" "files" {
  statement {
    actions   = ["s3:GetObject", "s3:GetBucketLocation"]
    resources = ["arn:aws:s3:::acme-settings", "arn:aws:s3:::acme-settings/*"]
  }
}

resource "aws_iam_role_policy" "files" {
  name   = "read-settings"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.files.json
}

resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  requires_compatibilities = ["EC2"]
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name             = "reports"
      image            = "public.ecr.aws/docker/library/nginx:1.27"
      memory           = 512
      environmentFiles = [{ type = "s3", value = "arn:aws:s3:::acme-settings/reports.env" }] # ok: ECS601
    }
  ])
}
