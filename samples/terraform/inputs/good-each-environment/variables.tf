variable "region" {
  type = string
}

variable "database_secret_arn" {
  type = string
}
