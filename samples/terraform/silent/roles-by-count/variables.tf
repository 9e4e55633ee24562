variable "create_roles" {
  type    = bool
  default = true
}

variable "execution_role_arn" {
  type    = string
  default = ""
}
