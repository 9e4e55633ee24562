provider "aws" {
  region = "eu-west-1"
}

resource "aws_security_group" "balancer" {
  name   = "shop-balancer"
  vpc_id = "vpc-0a1b2c3d4e5f60718"

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "shop" {
  name   = "shop"
  vpc_id = "vpc-0a1b2c3d4e5f60718"

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_vpc_security_group_ingress_rule" "shop" {
  security_group_id            = aws_security_group.shop.id
  referenced_security_group_id = aws_security_group.balancer.id
  ip_protocol                  = "tcp"
  from_port                    = 80
  to_port                      = 80
}

resource "aws_lb_target_group" "shop" {
  name        = "shop"
  port        = 80
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = "vpc-0a1b2c3d4e5f60718"
}

resource "aws_ecs_task_definition" "shop" {
  family                   = "shop"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "shop"
      image        = "ghcr.io/example/shop:4.2"
      portMappings = [{ containerPort = 8080 }]
    }
  ])
}

resource "aws_ecs_service" "shop" {
  name            = "shop"
  cluster         = "shop"
  task_definition = aws_ecs_task_definition.shop.arn
  launch_type     = "FARGATE"

  network_configuration { # expect: ECS829
    subnets         = ["subnet-0a1b2c3d4e5f60718"]
    security_groups = [aws_security_group.shop.id]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.shop.arn
    container_name   = "shop"
    container_port   = 8080
  }
}

resource "aws_lb_target_group" "admin" {
  name        = "admin"
  port        = 80
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = "vpc-0a1b2c3d4e5f60718"
}

resource "aws_ecs_task_definition" "admin" {
  family                   = "admin"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "admin"
      image        = "ghcr.io/example/shop-admin:4.2"
      portMappings = [{ containerPort = 80 }]
    }
  ])
}

resource "aws_ecs_service" "admin" {
  name            = "admin"
  cluster         = "shop"
  task_definition = aws_ecs_task_definition.admin.arn
  launch_type     = "FARGATE"

  network_configuration { # ok: ECS829
    subnets         = ["subnet-0a1b2c3d4e5f60718"]
    security_groups = [aws_security_group.shop.id]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.admin.arn
    container_name   = "admin"
    container_port   = 80
  }
}

resource "aws_lb" "shop" {
  name            = "shop"
  subnets         = ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"]
  security_groups = [aws_security_group.balancer.id]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.shop.arn
  }
}

resource "aws_lb_listener_rule" "admin" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 10

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.admin.arn
  }

  condition {
    path_pattern {
      values = ["/admin/*"]
    }
  }
}
