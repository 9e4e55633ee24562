data "aws_iam_policy_document" "developers" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::123456789012:root"]
    }
  }
}

resource "aws_iam_role" "developers" {
  name               = "developers"
  assume_role_policy = data.aws_iam_policy_document.developers.json
}

data "aws_iam_policy_document" "shell" {
  statement {
    actions   = ["ecs:ExecuteCommand"]
    resources = ["arn:aws:ecs:eu-west-1:123456789012:task/production/*"] # expect: ECS712
  }

  statement {
    effect    = "Deny"
    actions   = ["ssm:StartSession"]
    resources = ["arn:aws:ecs:*:123456789012:task/production/*"]
  }
}

resource "aws_iam_role_policy" "shell" {
  name   = "open-shells"
  role   = aws_iam_role.developers.id
  policy = data.aws_iam_policy_document.shell.json
}
