# RDS makes the secret of the master user, under a name of its own; the role may read the
# secrets of the application alone.
resource "aws_db_instance" "orders" {
  identifier                  = "orders"
  engine                      = "postgres"
  instance_class              = "db.t4g.small"
  allocated_storage           = 20
  username                    = "orders"
  manage_master_user_password = true
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
  name               = "orders-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

data "aws_iam_policy_document" "configuration" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["arn:aws:secretsmanager:*:*:secret:orders/*"]
  }
}

resource "aws_iam_role_policy" "configuration" {
  name   = "configuration"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.configuration.json
}

resource "aws_ecs_task_definition" "orders" {
  family                   = "orders"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "orders"
      image = "public.ecr.aws/docker/library/nginx:1.27"
      secrets = [
        {
          name      = "DB_PASSWORD"
          valueFrom = "${aws_db_instance.orders.master_user_secret[0].secret_arn}:password::" # expect: ECS605
        },
        {
          name      = "DB_CONNECTION"
          valueFrom = aws_db_instance.orders.master_user_secret[0].secret_arn
        }
      ]
    }
  ])
}
