resource "aws_ecs_task_definition" "billing" {
  family                   = "billing"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "billing"
      image        = "public.ecr.aws/docker/library/nginx:1.27"
      portMappings = [{ containerPort = 8080 }]
    }
  ])
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule     = "nightly"
  arn      = "arn:aws:ecs:eu-west-1:111122223333:cluster/billing"
  role_arn = "arn:aws:iam::111122223333:role/ecsEventsRole"

  input = jsonencode({
    containerOverrides = [
      {
        name    = "billing" # ok: ECS815
        command = ["bin/close-the-books"]
      }
    ]
  })

  ecs_target {
    task_definition_arn = aws_ecs_task_definition.billing.arn
    launch_type         = "FARGATE"

    network_configuration {
      subnets = ["subnet-0a1b2c3d4e5f60718"]
    }
  }
}

resource "aws_sfn_state_machine" "yearly" {
  name     = "yearly"
  role_arn = "arn:aws:iam::111122223333:role/states"

  definition = jsonencode({
    StartAt = "Close"
    States = {
      Close = {
        Type     = "Task"
        Resource = "arn:aws:states:::ecs:runTask"
        End      = true
        Parameters = {
          Cluster        = "arn:aws:ecs:eu-west-1:111122223333:cluster/billing"
          TaskDefinition = aws_ecs_task_definition.billing.arn
          LaunchType     = "FARGATE"
          NetworkConfiguration = {
            AwsvpcConfiguration = {
              Subnets = ["subnet-0a1b2c3d4e5f60718"]
            }
          }
          Overrides = {
            ContainerOverrides = [
              {
                Name        = "billing" # ok: ECS815
                Environment = [{ Name = "YEAR", "Value.$" = "$.year" }]
              }
            ]
          }
        }
      }
    }
  })
}
