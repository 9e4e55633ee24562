# One execution role for all services: it pulls their images, writes their logs, reads their secrets.
data "aws_iam_policy_document" "execution_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "shop-execution"
  assume_role_policy = data.aws_iam_policy_document.execution_trust.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_secretsmanager_secret" "database" {
  for_each = toset(["orders", "payments"])

  name       = "shop/${each.key}/database"
  kms_key_id = aws_kms_key.platform.arn
}

resource "aws_ssm_parameter" "feature_flags" {
  name  = "/shop/feature-flags"
  type  = "String"
  value = "{}"
}

resource "aws_s3_bucket" "configuration" {
  bucket = "shop-platform-configuration"
}

data "aws_iam_policy_document" "execution" {
  statement {
    sid       = "Secrets"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.database["orders"].arn]
  }

  statement {
    sid       = "Parameters"
    actions   = ["ssm:GetParameters"] # expect: ECS629
    resources = ["arn:aws:ssm:eu-west-1:${data.aws_caller_identity.current.account_id}:parameter//shop/feature-flags"]
  }

  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt"] # expect: ECS629
    resources = [aws_kms_alias.platform.arn]
  }

  statement {
    sid       = "EnvironmentFile"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.configuration.arn}/env/worker.env"]
  }

  statement {
    sid       = "EnvironmentFileBucket"
    actions   = ["s3:GetBucketLocation"]
    resources = [aws_s3_bucket.configuration.arn]
  }
}

resource "aws_iam_role_policy" "execution" {
  name   = "shop-execution"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}
