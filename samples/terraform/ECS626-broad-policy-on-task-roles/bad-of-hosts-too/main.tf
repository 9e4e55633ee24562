data "aws_iam_policy_document" "hosts_and_tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type = "Service"
      identifiers = [
        "ecs-tasks.amazonaws.com",
        "ec2.amazonaws.com", # ok: ECS509
      ]
    }
  }
}

resource "aws_iam_role" "mailer" {
  name               = "mailer"
  assume_role_policy = data.aws_iam_policy_document.hosts_and_tasks.json
}

resource "aws_iam_role_policy_attachment" "mailer" {
  role       = aws_iam_role.mailer.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role" # expect: ECS626
}

resource "aws_iam_instance_profile" "mailer" {
  name = "mailer"
  role = aws_iam_role.mailer.name
}

resource "aws_launch_template" "mailer" {
  name          = "mailer"
  image_id      = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.medium"
  user_data     = base64encode("#!/bin/bash\necho ECS_CLUSTER=mailer >> /etc/ecs/ecs.config\n")

  iam_instance_profile {
    name = aws_iam_instance_profile.mailer.name
  }
}

resource "aws_cloudwatch_log_group" "mailer" {
  name              = "/ecs/mailer"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "mailer" {
  family                   = "mailer"
  requires_compatibilities = ["EC2"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.mailer.arn

  container_definitions = jsonencode([
    {
      name  = "mailer"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/mailer:1.4.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.mailer.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "mailer"
        }
      }
    }
  ])
}
