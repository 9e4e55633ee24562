

resource "aws_iam_role" "exec" {
  name = "exec"
  assume_role_policy = jsonencode({"Version"="2012-10-17","Statement"=[{"Effect"="Allow","Action"="sts:AssumeRole","Principal"={"Service"="ecs-tasks.amazonaws.com"}}]})
}
data "aws_iam_policy_document" "d" {
 source_policy_documents=[data.aws_iam_policy_document.d.json]
}
resource "aws_iam_role_policy" "p" {
 role = aws_iam_role.exec.id
 policy = data.aws_iam_policy_document.d.json
}

resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = aws_iam_role.exec.arn
  container_definitions = jsonencode([{ name = "app", image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1", secrets = [{ name = "A", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf" }]  }])
}

