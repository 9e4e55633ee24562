variable "role_arn" {
  description = "Role of the newsletter service, made by the platform team."
  type        = string
}
