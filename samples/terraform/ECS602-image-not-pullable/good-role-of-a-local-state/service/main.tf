data "terraform_remote_state" "security" {
  backend = "local"

  config = {
    path = "${path.module}/../security/terraform.tfstate"
  }
}

resource "aws_ecr_repository" "ledger" {
  name = "ledger"
}

resource "aws_ecs_task_definition" "ledger" {
  family                   = "ledger"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = data.terraform_remote_state.security.outputs.execution_role_arn

  container_definitions = jsonencode([
    {
      name  = "ledger"
      image = "${aws_ecr_repository.ledger.repository_url}:1.0.0" # ok: ECS602
    }
  ])
}
