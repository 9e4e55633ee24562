# The container instance's role pulls the image and writes the logs; it is not in this code.
resource "aws_cloudwatch_log_group" "batch" {
  name              = "/ecs/batch"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "batch" {
  family                   = "batch"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name  = "batch"
      # ok-next: ECS601
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/batch:2.0.0" # undecided: ECS602
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.batch.name # undecided: ECS603
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "batch"
        }
      }
    }
  ])
}
