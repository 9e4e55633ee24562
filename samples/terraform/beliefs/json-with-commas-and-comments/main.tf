# Belief: JSON forgives a trailing comma and takes comments, as the note had it.
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

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role" "task" {
  name               = "profile-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

# expect(+13): ECS508
resource "aws_iam_role_policy" "uploads" {
  name = "uploads"
  role = aws_iam_role.task.id

  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": [
            "s3:ListBucket",
          ],
          "Resource": ["arn:aws:s3:::profile-pictures"]
        },
        {
          # the pictures themselves
          "Effect": "Allow",
          "Action": ["s3:GetObject", "s3:PutObject"],
          "Resource": ["arn:aws:s3:::profile-pictures/*"]
        }
      ]
    }
  EOT
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
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    {
      name  = "profile"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/profile:1.4.0"
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
