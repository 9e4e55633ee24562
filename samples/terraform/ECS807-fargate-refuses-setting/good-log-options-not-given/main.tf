# Empty inputs stand for what whoever deploys it will give.
variable "log_group_name" {
  type    = string
  default = ""
}

variable "stream_prefix" {
  type    = string
  default = null
}

resource "aws_iam_role" "execution" {
  name = "encoder-execution"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }
    ]
  })
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_ecs_task_definition" "encoder" {
  family                   = "encoder"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "encoder"
      image = "public.ecr.aws/docker/library/httpd:2.4"
      logConfiguration = {
        logDriver = "awslogs" # ok: ECS807
        options = {
          awslogs-group         = var.log_group_name
          awslogs-region        = "eu-west-1"
          awslogs-stream-prefix = var.stream_prefix
        }
      }
    }
  ])
}

resource "aws_ecs_task_definition" "feed" {
  family                   = "feed"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  # ok(+7): ECS807
  container_definitions = <<-JSON
    [
      {
        "name": "feed",
        "image": "public.ecr.aws/docker/library/httpd:2.4",
        "logConfiguration": {
          "logDriver": "awslogs",
          "options": {
            "awslogs-group": "${var.log_group_name}",
            "awslogs-region": "eu-west-1",
            "awslogs-stream-prefix": "feed"
          }
        }
      }
    ]
  JSON
}
