# Only the roles of tasks trust ecs-tasks: this one is the service's own.
data "aws_iam_policy_document" "ecs" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs.amazonaws.com"] # ok: ECS501 ECS502
    }
  }
}

resource "aws_iam_role" "service" {
  name               = "intranet-service"
  assume_role_policy = data.aws_iam_policy_document.ecs.json
}

resource "aws_iam_role_policy_attachment" "service" {
  role       = aws_iam_role.service.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceRole"
}

resource "aws_ecs_task_definition" "intranet" {
  family                   = "intranet"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name  = "intranet"
      image = "public.ecr.aws/nginx/nginx:1.27"
      portMappings = [
        { containerPort = 80, hostPort = 80 }
      ]
    }
  ])
}

resource "aws_ecs_service" "intranet" {
  name            = "intranet"
  cluster         = var.cluster_arn
  task_definition = aws_ecs_task_definition.intranet.arn
  desired_count   = 2
  launch_type     = "EC2"
  iam_role        = aws_iam_role.service.arn

  load_balancer {
    elb_name       = var.load_balancer
    container_name = "intranet"
    container_port = 80
  }
}
