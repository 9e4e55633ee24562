# Belief: give the task a role that may read ECR.
# The agent pulls with the execution role, and there is none.
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
  name               = "profile-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "pull" {
  role       = aws_iam_role.task.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
}

resource "aws_cloudwatch_log_group" "profile" {
  name              = "/ecs/profile"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "profile" {
  family                   = "profile"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "profile"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/profile:2.5.0" # expect: ECS601
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.profile.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "profile"
        }
      }
    }
  ])
}
