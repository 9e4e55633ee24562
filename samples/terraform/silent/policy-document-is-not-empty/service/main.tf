variable "name" {
  type = string
}

variable "trust_policy" {
  type    = string
  default = ""
}

data "aws_caller_identity" "current" {}

resource "aws_iam_role" "execution" {
  count = var.trust_policy != "" ? 1 : 0

  name               = "${var.name}-execution"
  assume_role_policy = var.trust_policy
}

resource "aws_iam_role_policy_attachment" "execution" {
  count = length(var.trust_policy) > 0 ? 1 : 0

  role       = aws_iam_role.execution[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = one(aws_iam_role.execution[*].arn)

  container_definitions = jsonencode([
    {
      name  = var.name
      image = "${data.aws_caller_identity.current.account_id}.dkr.ecr.eu-west-1.amazonaws.com/${var.name}:1.0.0" # ok: ECS602
    },
  ])
}
