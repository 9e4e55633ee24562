data "aws_iam_policy_document" "on_call" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::123456789012:root"]
    }
  }
}

resource "aws_iam_role" "on_call" {
  name               = "on-call"
  assume_role_policy = data.aws_iam_policy_document.on_call.json
}

data "aws_iam_policy_document" "shell" {
  statement {
    actions   = ["ecs:ExecuteCommand"]
    resources = ["arn:aws:ecs:eu-west-1:123456789012:cluster/shop"] # ok: ECS712
  }

  statement {
    actions   = ["ecs:Execute*", "ecs:DescribeTasks"]
    resources = ["arn:aws:ecs:eu-west-1:123456789012:task/shop/*"]
  }

  statement {
    effect    = "Deny"
    actions   = ["ssm:StartSession"]
    resources = ["arn:aws:ecs:*:123456789012:task/shop/*"]
  }
}

resource "aws_iam_role_policy" "shell" {
  name   = "open-shells"
  role   = aws_iam_role.on_call.id
  policy = data.aws_iam_policy_document.shell.json
}
