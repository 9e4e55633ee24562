# Belief: a task that logs to CloudWatch needs log permissions on its task role.
# The awslogs driver runs in the agent, which uses the execution role.
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
  name               = "profile-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "pull" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"
}

resource "aws_iam_role" "task" {
  name               = "profile-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_cloudwatch_log_group" "profile" {
  name              = "/ecs/profile"
  retention_in_days = 30
}

data "aws_iam_policy_document" "logs" {
  statement { # expect: ECS621
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.profile.arn}:*"]
  }
}

resource "aws_iam_role_policy" "logs" {
  name   = "logs"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.logs.json
}

resource "aws_ecs_task_definition" "profile" {
  family                   = "profile"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "profile"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/profile:2.5.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.profile.name # expect: ECS603
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "profile"
        }
      }
    }
  ])
}
