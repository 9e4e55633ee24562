# Whatever the key: each of the choices says that the bucket is there.
variable "stage" {
  type = string
}

variable "slot" {
  type = number
}

locals {
  stages = {
    test = { archive = true, size = 1 }
    live = { archive = true, size = 4 }
  }
  slots    = [{ archive = true, size = 1 }, { archive = true, size = 4 }]
  archive  = lookup(local.stages, var.stage, { archive = true, size = 1 }).archive
  spare    = element(local.slots, var.slot).archive
  reserve  = local.slots[var.slot].archive
  archives = local.archive && local.spare && local.reserve ? aws_s3_bucket.archive[0].arn : ""
}

resource "aws_s3_bucket" "archive" {
  count = local.archive && local.spare && local.reserve ? 1 : 0

  bucket_prefix = "orders-archive-"
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

resource "aws_iam_role" "task" {
  name               = "orders-task"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks.json
}

data "aws_iam_policy_document" "archive" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${local.archives}/*"] # ok: ECS508 ECS629
  }
}

resource "aws_iam_role_policy" "archive" {
  name   = "read-archive"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.archive.json
}

resource "aws_ecs_task_definition" "orders" {
  family                   = "orders"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([
    { name = "orders", image = "public.ecr.aws/docker/library/nginx:1.27" }
  ])
}
