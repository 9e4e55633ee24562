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

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

data "aws_iam_policy_document" "settings" {
  statement {
    actions   = ["s3:GetObject", "s3:GetBucketLocation"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "settings" {
  name   = "read-settings"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.settings.json
}

resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name             = "web"
      image            = "public.ecr.aws/docker/library/nginx:1.27"
      environmentFiles = [{ type = "s3", value = "arn:aws:s3:::acme-settings/web.txt" }] # expect: ECS816
    }
  ])
}
