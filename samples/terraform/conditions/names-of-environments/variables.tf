variable "environment" {
  type        = string
  description = "staging, production, or a developer's name"
}
