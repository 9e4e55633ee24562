variable "delivery_role_arn" {
  type    = string
  default = "arn:aws:iam::123456789012:role/log-delivery"
}

variable "archive_bucket_arn" {
  type    = string
  default = "arn:aws:s3:::acme-log-archive"
}
