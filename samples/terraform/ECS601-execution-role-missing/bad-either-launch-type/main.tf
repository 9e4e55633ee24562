resource "aws_cloudwatch_log_group" "mails" {
  name = "/ecs/mails"
}

resource "aws_ecs_task_definition" "mails" {
  family                   = "mails"
  requires_compatibilities = ["EC2", "FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([{
    name  = "mails"
    image = "public.ecr.aws/docker/library/nginx:1.29"
    logConfiguration = {
      logDriver = "awslogs" # expect: ECS601
      options = {
        awslogs-group         = aws_cloudwatch_log_group.mails.name
        awslogs-region        = "eu-west-1"
        awslogs-stream-prefix = "mails"
      }
    }
  }])
}
