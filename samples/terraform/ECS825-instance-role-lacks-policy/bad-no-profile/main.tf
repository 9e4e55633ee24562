resource "aws_ecs_cluster" "workers" {
  name = "workers"
}

resource "aws_launch_template" "workers" { # expect: ECS825
  name_prefix   = "workers-"
  image_id      = var.ami_id
  instance_type = "m7g.large"

  user_data = base64encode(<<-EOT
    #!/bin/bash
    echo ECS_CLUSTER=${aws_ecs_cluster.workers.name} >> /etc/ecs/ecs.config
  EOT
  )
}

resource "aws_autoscaling_group" "workers" {
  name                = "workers"
  min_size            = 1
  max_size            = 3
  vpc_zone_identifier = ["subnet-0a1b2c3d4e5f60718"]

  launch_template {
    id      = aws_launch_template.workers.id
    version = "$Latest"
  }
}
