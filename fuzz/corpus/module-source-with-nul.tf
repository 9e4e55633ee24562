module "a" {
 source = "./a\u0000b"
}


resource "aws_iam_role" "exec" {
  name = "exec"
  assume_role_policy = jsonencode({"Version"="2012-10-17","Statement"=[{"Effect"="Allow","Action"="sts:AssumeRole","Principal"={"Service"="ecs-tasks.amazonaws.com"}}]})
}

resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = aws_iam_role.exec.arn
  container_definitions = jsonencode([{ name = "app", image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1", secrets = [{ name = "A", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf" }]  }])
}

