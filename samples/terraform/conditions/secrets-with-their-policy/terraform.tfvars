secrets = {
  API_KEY   = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:quotes/api-key-Hq2WnE"             # ok: ECS605
  DB_SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:quotes/database-P9xVtR:password::" # ok: ECS605
}
