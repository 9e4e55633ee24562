data "aws_iam_policy_document" "trust" {
  for_each = toset(["ecs-tasks", "states"])

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["${each.key}.amazonaws.com"]
    }
  }
}

resource "aws_ecs_cluster" "imports" {
  name = "imports"
}

resource "aws_iam_role" "execution" {
  name               = "import-execution"
  assume_role_policy = data.aws_iam_policy_document.trust["ecs-tasks"].json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_ecs_task_definition" "import" {
  family                   = "import"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    { name = "import", image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/import:2.1.0" }
  ])
}

resource "aws_iam_role" "states" {
  name               = "import-states"
  assume_role_policy = data.aws_iam_policy_document.trust["states"].json
}

data "aws_iam_policy_document" "states" {
  statement {
    actions   = ["ecs:RunTask"]
    resources = ["${aws_ecs_task_definition.import.arn_without_revision}:*"]
  }

  statement {
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.execution.arn]
  }
}

resource "aws_iam_role_policy" "states" {
  name   = "run-task"
  role   = aws_iam_role.states.id
  policy = data.aws_iam_policy_document.states.json
}

# Whether the task gets tags is for the execution's input to say, and for a variable.
resource "aws_sfn_state_machine" "import" {
  name     = "import"
  role_arn = aws_iam_role.states.arn

  definition = jsonencode({
    StartAt = "Import"
    States = {
      Import = {
        Type     = "Task"
        Resource = "arn:aws:states:::ecs:runTask"
        End      = true
        Parameters = {
          Cluster        = aws_ecs_cluster.imports.arn
          TaskDefinition = aws_ecs_task_definition.import.arn # ok: ECS821
          LaunchType     = "FARGATE"
          "Tags.$"       = "$.tags" # undecided: ECS821
          NetworkConfiguration = {
            AwsvpcConfiguration = { Subnets = var.private_subnet_ids }
          }
        }
      }
    }
  })
}

variable "private_subnet_ids" {
  type = list(string)
}

variable "propagate_tags" {
  type = string
}

resource "aws_iam_role" "events" {
  name = "import-events"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "events.amazonaws.com" } }
    ]
  })
}

resource "aws_iam_role_policy" "events" {
  name   = "run-task"
  role   = aws_iam_role.events.id
  policy = data.aws_iam_policy_document.states.json
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "import-nightly"
  schedule_expression = "cron(0 3 * * ? *)"
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule     = aws_cloudwatch_event_rule.nightly.name
  arn      = aws_ecs_cluster.imports.arn
  role_arn = aws_iam_role.events.arn

  ecs_target {
    task_definition_arn = aws_ecs_task_definition.import.arn # ok: ECS821
    launch_type         = "FARGATE"
    propagate_tags      = var.propagate_tags # undecided: ECS821

    network_configuration {
      subnets = var.private_subnet_ids
    }
  }
}
