provider "aws" {
  region = "eu-west-1"
}

resource "aws_kms_key" "sessions" {
  description = "Shells"
}

resource "aws_ecs_cluster" "production" {
  name = "production"

  configuration {
    execute_command_configuration {
      kms_key_id = aws_kms_key.sessions.arn
    }
  }
}

resource "aws_iam_role" "developer" {
  name = "developer"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "arn:aws:iam::123456789012:root" }
      }
    ]
  })
}

resource "aws_iam_role_policy" "shells" {
  role = aws_iam_role.developer.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "ecs:ExecuteCommand" # expect: ECS712
        Resource = [aws_ecs_cluster.production.arn, "arn:aws:ecs:eu-west-1:123456789012:task/production/*"]
      },
      {
        Effect   = "Deny"
        Action   = "ssm:StartSession"
        Resource = "arn:aws:ecs:*:123456789012:task/production/*"
      }
    ]
  })
}
