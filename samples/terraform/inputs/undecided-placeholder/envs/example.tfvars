region              = "us-east-1"
database_secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:other" # ok: ECS605
