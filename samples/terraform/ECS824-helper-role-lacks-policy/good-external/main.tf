provider "aws" {
  region = "eu-west-1"
}

resource "aws_iam_role" "server" {
  name = "till-server"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "ssm.amazonaws.com" } # ok: ECS505
      }
    ]
  })
}

resource "aws_iam_role_policy_attachment" "agent" {
  for_each = toset([
    "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
  ])

  role       = aws_iam_role.server.name
  policy_arn = each.value
}

resource "aws_ssm_activation" "tills" {
  name               = "tills"
  iam_role           = aws_iam_role.server.name # ok: ECS824
  registration_limit = 20
}

resource "aws_ecs_task_definition" "till" {
  family                   = "till"
  requires_compatibilities = ["EXTERNAL"]
  network_mode             = "bridge"

  container_definitions = jsonencode([
    {
      name   = "till"
      image  = "ghcr.io/example/till:3"
      memory = 256
    }
  ])
}
