resource "aws_ecr_repository" "this" {
  name                 = "${var.prefix}/${var.name}"
  image_tag_mutability = "IMMUTABLE"
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.prefix}/${var.name}"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "this" {
  family                   = "${var.prefix}-${var.name}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = templatefile("${path.module}/templates/containers.json.tftpl", {
    name                = var.name
    image               = "${aws_ecr_repository.this.repository_url}:${var.image_tag}"
    port                = var.port
    region              = var.region
    log_group           = aws_cloudwatch_log_group.this.name
    database_secret_arn = var.database_secret_arn
    feature_flags_arn   = var.feature_flags_arn
  })
}

resource "aws_ecs_service" "this" {
  name                   = var.name
  cluster                = var.cluster_id
  task_definition        = aws_ecs_task_definition.this.arn
  desired_count          = 2
  launch_type            = "FARGATE"
  enable_execute_command = true

  network_configuration {
    subnets         = var.subnets
    security_groups = var.security_groups
  }
}
