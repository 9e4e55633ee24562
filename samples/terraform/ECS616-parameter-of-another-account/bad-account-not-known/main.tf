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

data "aws_iam_policy_document" "parameters" {
  statement {
    actions   = ["ssm:GetParameters"]
    resources = ["arn:aws:ssm:eu-west-1:444455556666:parameter/shared/api-key"]
  }
}

resource "aws_iam_role_policy" "parameters" {
  name   = "read-parameters"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.parameters.json
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
      name    = "billing"
      image   = "public.ecr.aws/docker/library/nginx:1.27"
      secrets = [{ name = "API_KEY", valueFrom = "arn:aws:ssm:eu-west-1:444455556666:parameter/shared/api-key" }] # expect: ECS616 note
    }
  ])
}
