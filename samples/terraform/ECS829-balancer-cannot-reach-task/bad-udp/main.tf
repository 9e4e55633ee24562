provider "aws" {
  region = "eu-west-1"
}

resource "aws_security_group" "radius" {
  name   = "radius"
  vpc_id = "vpc-0a1b2c3d4e5f60718"

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_vpc_security_group_ingress_rule" "radius" {
  security_group_id = aws_security_group.radius.id
  cidr_ipv4         = "10.0.0.0/16"
  ip_protocol       = "tcp"
  from_port         = 1812
  to_port           = 1812
}

resource "aws_lb_target_group" "radius" {
  name        = "radius"
  port        = 1812
  protocol    = "UDP"
  target_type = "ip"
  vpc_id      = "vpc-0a1b2c3d4e5f60718"
}

resource "aws_lb" "radius" {
  name               = "radius"
  load_balancer_type = "network"
  subnets            = ["subnet-0a1b2c3d4e5f60718"]
}

resource "aws_lb_listener" "radius" {
  load_balancer_arn = aws_lb.radius.arn
  port              = 1812
  protocol          = "UDP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.radius.arn
  }
}

resource "aws_ecs_task_definition" "radius" {
  family                   = "radius"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "radius"
      image        = "ghcr.io/example/radius:4.2"
      portMappings = [{ containerPort = 1812, protocol = "udp" }]
    }
  ])
}

resource "aws_ecs_service" "radius" {
  name            = "radius"
  cluster         = "radius"
  task_definition = aws_ecs_task_definition.radius.arn
  launch_type     = "FARGATE"

  network_configuration { # expect: ECS829
    subnets         = ["subnet-0a1b2c3d4e5f60718"]
    security_groups = [aws_security_group.radius.id]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.radius.arn
    container_name   = "radius"
    container_port   = 1812
  }
}
