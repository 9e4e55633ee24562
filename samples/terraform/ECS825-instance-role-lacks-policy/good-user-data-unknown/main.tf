# Whether these instances join the cluster stands in their user data, which nobody gives here.
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
  name               = "ecs-instance"
  assume_role_policy = data.aws_iam_policy_document.ec2.json
}

resource "aws_iam_role_policy_attachment" "instance" {
  role       = aws_iam_role.instance.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "instance" {
  name = "ecs-instance"
  role = aws_iam_role.instance.name
}

resource "aws_ecs_cluster" "workers" {
  name = "workers"
}

resource "aws_launch_template" "workers" {
  name_prefix   = "workers-"
  image_id      = var.ami_id
  instance_type = "m7g.large"

  user_data = var.user_data

  iam_instance_profile {
    arn = aws_iam_instance_profile.instance.arn # undecided: ECS825
  }
}

variable "user_data" {
  type = string
}

variable "ami_id" {
  type = string
}
