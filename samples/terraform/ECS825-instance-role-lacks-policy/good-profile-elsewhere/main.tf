# The console made the profile: whether its role may do what the agent needs is not in the code.
resource "aws_ecs_cluster" "workers" {
  name = "workers"
}

resource "aws_launch_template" "workers" {
  name_prefix   = "workers-"
  image_id      = var.ami_id
  instance_type = "m7g.large"

  user_data = base64encode(<<-EOT
    #!/bin/bash
    echo ECS_CLUSTER=${aws_ecs_cluster.workers.name} >> /etc/ecs/ecs.config
  EOT
  )

  iam_instance_profile {
    name = "ecsInstanceRole" # undecided: ECS825
  }
}

variable "ami_id" {
  type = string
}
