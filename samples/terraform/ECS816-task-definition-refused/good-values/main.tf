variable "name" {
  type = string
}

variable "interval" {
  type = number
}

resource "aws_ecs_task_definition" "reports" {
  family                   = "reports"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"

  placement_constraints {
    type       = "memberOf" # ok: ECS816
    expression = "attribute:ecs.instance-type =~ m5.*"
  }

  container_definitions = jsonencode([
    {
      name    = "report_builder-2" # ok: ECS816
      image   = "public.ecr.aws/docker/library/nginx:1.27"
      memory  = 512
      ulimits = [{ name = "nofile", softLimit = 4096, hardLimit = 4096 }] # ok: ECS816
      healthCheck = {
        command     = ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]
        interval    = 300 # ok: ECS816
        timeout     = 60  # ok: ECS816
        retries     = 10
        startPeriod = 0
      }
    },
    {
      name        = "worker ${var.name}" # ok: ECS816
      image       = "public.ecr.aws/docker/library/nginx:1.27"
      memory      = 512
      healthCheck = { command = ["CMD", "true"], interval = var.interval }
    }
  ])
}
