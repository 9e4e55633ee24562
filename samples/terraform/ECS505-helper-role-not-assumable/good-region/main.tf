variable "cluster_arn" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

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
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_ecs_task_definition" "import" {
  family                   = "import"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  volume {
    name                = "scratch"
    configure_at_launch = true
  }

  container_definitions = jsonencode([
    {
      name  = "import"
      image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/import:2.0.1"
      mountPoints = [{ sourceVolume = "scratch", containerPath = "/scratch" }]
    }
  ])
}

data "aws_iam_policy_document" "states" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["states.${data.aws_region.current.name}.amazonaws.com"] # ok: ECS505
    }
  }
}

resource "aws_iam_role" "workflow" {
  name               = "import-workflow"
  assume_role_policy = data.aws_iam_policy_document.states.json
}

data "aws_iam_policy_document" "workflow" {
  statement {
    actions   = ["ecs:RunTask"]
    resources = [aws_ecs_task_definition.import.arn]
  }

  statement {
    actions   = ["ecs:StopTask", "ecs:DescribeTasks"]
    resources = ["*"]
  }

  statement {
    actions   = ["events:PutTargets", "events:PutRule", "events:DescribeRule"]
    resources = ["arn:${data.aws_partition.current.partition}:events:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:rule/StepFunctionsGetEventsForECSTaskRule"]
  }

  statement {
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.execution.arn, aws_iam_role.volumes.arn]
  }
}

resource "aws_iam_role_policy" "workflow" {
  name   = "run-task"
  role   = aws_iam_role.workflow.id
  policy = data.aws_iam_policy_document.workflow.json
}

data "aws_iam_policy_document" "ecs" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "volumes" {
  name               = "import-volumes"
  assume_role_policy = data.aws_iam_policy_document.ecs.json
}

resource "aws_iam_role_policy_attachment" "volumes" {
  role       = aws_iam_role.volumes.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSInfrastructureRolePolicyForVolumes"
}

resource "aws_sfn_state_machine" "import" {
  name     = "import"
  role_arn = aws_iam_role.workflow.arn

  definition = jsonencode({
    StartAt = "Import"
    States = {
      Import = {
        Type     = "Task"
        Resource = "arn:aws:states:::aws-sdk:ecs:runTask"
        Parameters = {
          LaunchType     = "FARGATE"
          Cluster        = var.cluster_arn
          TaskDefinition = aws_ecs_task_definition.import.arn
          VolumeConfigurations = [{
            Name             = "scratch"
            ManagedEBSVolume = { RoleArn = aws_iam_role.volumes.arn, SizeInGiB = 100 }
          }]
          NetworkConfiguration = {
            AwsvpcConfiguration = { Subnets = var.subnet_ids }
          }
        }
        End = true
      }
    }
  })
}
