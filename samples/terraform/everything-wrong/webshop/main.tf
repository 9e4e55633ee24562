data "aws_iam_policy_document" "assume_role" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"] # expect: ECS502
    }
  }
}

resource "aws_iam_role" "webshop" {
  name               = "webshop"
  assume_role_policy = data.aws_iam_policy_document.assume_role.json
}

resource "aws_ecr_repository" "webshop" {
  name                 = "webshop"
  image_tag_mutability = "IMMUTABLE"
}

resource "aws_ssm_parameter" "database_password" {
  name  = "/webshop/database-password"
  type  = "SecureString"
  value = var.database_password
}

resource "aws_ecs_task_definition" "webshop" {
  family                   = "webshop"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.webshop.arn
  task_role_arn            = aws_iam_role.webshop.arn # expect: ECS624

  container_definitions = jsonencode([
    {
      name                   = "webshop"
      image                  = "${aws_ecr_repository.webshop.repository_url}:1.0.0" # expect: ECS602
      readonlyRootFilesystem = true                                                 # expect: ECS703
      secrets = [
        {
          name      = "DATABASE_PASSWORD"
          valueFrom = aws_ssm_parameter.database_password.arn # expect: ECS606
        }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = "/ecs/webshop" # expect: ECS603
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "webshop"
          "awslogs-create-group"  = "true" # expect: ECS604
        }
      }
    }
  ])
}

resource "aws_ecs_service" "webshop" {
  name                   = "webshop"
  cluster                = var.cluster_arn
  task_definition        = aws_ecs_task_definition.webshop.arn
  desired_count          = 2
  launch_type            = "FARGATE"
  platform_version       = "1.3.0" # expect: ECS704
  enable_execute_command = true    # expect: ECS702

  network_configuration {
    subnets         = var.private_subnet_ids
    security_groups = [var.security_group_id]
  }
}
