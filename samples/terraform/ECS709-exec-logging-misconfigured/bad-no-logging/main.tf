resource "aws_ecs_cluster" "production" {
  name = "production"

  configuration {
    execute_command_configuration {
      logging = "NONE" # expect: ECS709 warning
    }
  }
}
