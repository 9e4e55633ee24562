region              = "eu-central-1"
database_secret_arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/prod/database-Ab12Cd"
