provider "aws" {
  region = "eu-west-1"
}

resource "aws_ecs_cluster" "jobs" {
  name = "jobs"
}

resource "aws_ecs_task_definition" "worker" {
  family                = "worker"
  container_definitions = jsonencode([{ name = "worker", image = "busybox:1.37", memory = 128 }])
}

data "aws_iam_policy_document" "ec2" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "instance" {
  name               = "jobs-instance"
  assume_role_policy = data.aws_iam_policy_document.ec2.json
}

resource "aws_iam_role_policy_attachment" "instance" {
  role       = aws_iam_role.instance.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
}

resource "aws_iam_instance_profile" "instance" {
  name = "jobs-instance"
  role = aws_iam_role.instance.name
}

data "aws_ssm_parameter" "ami" {
  name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
}

resource "aws_launch_template" "jobs" {
  name          = "jobs"
  image_id      = data.aws_ssm_parameter.ami.value
  instance_type = "t3.medium"

  # expect(+1): ECS815 warning
  user_data = base64encode(<<EOT
    #!/bin/bash
    echo ECS_CLUSTER=${aws_ecs_cluster.jobs.name} >> /etc/ecs/ecs.config
  EOT
  )

  iam_instance_profile {
    arn = aws_iam_instance_profile.instance.arn
  }
}

resource "aws_autoscaling_group" "jobs" {
  name                = "jobs"
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = ["subnet-0a1b2c3d4e5f60718"]

  launch_template {
    id      = aws_launch_template.jobs.id
    version = "$Latest"
  }
}

resource "aws_ecs_service" "worker" {
  name            = "worker"
  cluster         = aws_ecs_cluster.jobs.id
  task_definition = aws_ecs_task_definition.worker.arn
  desired_count   = 1
  launch_type     = "EC2"
}

data "aws_ami" "bastion" {
  most_recent = true
  owners      = ["amazon"]

  filter {
    name   = "name"
    values = ["al2023-ami-2023*"]
  }
}

resource "aws_launch_template" "bastion" {
  name          = "bastion"
  image_id      = data.aws_ami.bastion.id
  instance_type = "t3.micro"

  user_data = base64encode(<<-EOT
    #!/bin/bash
    dnf install -y mariadb105
  EOT
  )
}

resource "aws_autoscaling_group" "bastion" {
  name                = "bastion"
  min_size            = 1
  max_size            = 1
  vpc_zone_identifier = ["subnet-0a1b2c3d4e5f60718"]

  launch_template {
    id      = aws_launch_template.bastion.id
    version = "$Latest"
  }
}
