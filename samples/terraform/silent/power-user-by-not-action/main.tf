# PowerUserAccess is written with NotAction and holds all that the agent needs.
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
  name               = "import-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess" # expect: ECS626
}

resource "aws_secretsmanager_secret" "ftp" {
  name = "import/ftp"
}

resource "aws_ecs_task_definition" "import" {
  family                   = "import"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "import"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/import:0.4.0" # ok: ECS602
      secrets = [
        {
          name      = "FTP_PASSWORD"
          valueFrom = aws_secretsmanager_secret.ftp.arn # ok: ECS605
        }
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = "/ecs/import" # ok: ECS603
          "awslogs-region"        = "eu-west-1"
          "awslogs-stream-prefix" = "import"
          "awslogs-create-group"  = "true" # ok: ECS604
        }
      }
    }
  ])
}
