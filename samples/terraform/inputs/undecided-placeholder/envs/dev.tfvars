region              = "eu-central-1"
database_secret_arn = "<ARN of your secret>"
