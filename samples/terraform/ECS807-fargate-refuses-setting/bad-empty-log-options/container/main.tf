variable "image" {
  type = string
}

variable "log_group_name" {
  type    = string
  default = ""
}

output "definition" {
  value = {
    name  = "encoder"
    image = var.image
    logConfiguration = {
      logDriver = "awslogs" # expect: ECS807
      options = {
        awslogs-group         = var.log_group_name
        awslogs-region        = "eu-west-1"
        awslogs-stream-prefix = "encoder"
      }
    }
  }
}
