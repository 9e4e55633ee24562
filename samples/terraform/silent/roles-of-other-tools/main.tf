# General faults of roles that nothing of ECS uses are other tools' matter.
resource "aws_iam_role" "reports" {
  name                = "reports"
  managed_policy_arns = ["arn:aws:iam::aws:policy/AWSLambdaFullAccess"] # ok: ECS628

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "reports" {
  name = "reports"
  role = aws_iam_role.reports.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "s3:GetObjects" # ok: ECS632
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "reports" # ok: ECS508
      },
    ]
  })
}

resource "aws_iam_policy_attachment" "reports" {
  name       = "reports"
  roles      = [aws_iam_role.reports.name]
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess" # ok: ECS634
}

resource "aws_lambda_function" "reports" {
  function_name = "reports"
  role          = aws_iam_role.reports.arn
  runtime       = "python3.13"
  handler       = "main.handle"
  filename      = "reports.zip"
}
