resource "aws_vpc" "private" {
  cidr_block = "10.42.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.private.id
  cidr_block = "10.42.1.0/24"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.private.id
}

resource "aws_security_group" "endpoints" {
  name_prefix = "endpoints-"
  vpc_id      = aws_vpc.private.id

  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = [aws_vpc.private.cidr_block]
  }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.private.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = [aws_route_table.private.id]
}

resource "aws_vpc_endpoint" "interface" {
  for_each = toset(["ecr.api", "ecr.dkr", "logs"])

  vpc_id              = aws_vpc.private.id
  service_name        = "com.amazonaws.eu-west-1.${each.value}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [aws_subnet.private.id]
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true # expect: ECS827
}

data "aws_iam_policy_document" "ecs_tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "vault-ui-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_cloudwatch_log_group" "vault_ui" {
  name              = "/ecs/vault-ui"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "vault_ui" {
  family                   = "vault-ui"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "vault-ui"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/vault-ui:1.4.0"
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.vault_ui.name
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "vault-ui"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "vault_ui" {
  name            = "vault-ui"
  cluster         = var.cluster_arn
  task_definition = aws_ecs_task_definition.vault_ui.arn
  desired_count   = 2
  launch_type     = "FARGATE"

  network_configuration {
    subnets         = [aws_subnet.private.id]
    security_groups = [var.security_group_id]
  }
}
