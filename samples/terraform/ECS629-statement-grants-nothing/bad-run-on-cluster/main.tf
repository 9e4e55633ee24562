resource "aws_ecs_cluster" "batch" {
  name = "nightly"
}

resource "aws_ecs_task_definition" "import" {
  family                = "stock-import"
  container_definitions = jsonencode([{ name = "import", image = "python:3.12", memory = 256 }])
}

data "aws_iam_policy_document" "github" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:example/stock:ref:refs/heads/main"]
    }
  }
}

resource "aws_iam_role" "starter" {
  name               = "stock-starter"
  assume_role_policy = data.aws_iam_policy_document.github.json
}

data "aws_iam_policy_document" "start" {
  statement {
    actions   = ["ecs:RunTask"] # expect: ECS629 warning
    resources = [aws_ecs_cluster.batch.arn]
  }
}

resource "aws_iam_role_policy" "start" {
  name   = "start-imports"
  role   = aws_iam_role.starter.id
  policy = data.aws_iam_policy_document.start.json
}
