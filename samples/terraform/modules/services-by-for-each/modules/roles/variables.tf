variable "name" {
  type = string
}

variable "secret_arns" {
  type    = list(string)
  default = []
}

variable "task_policy_arns" {
  type    = list(string)
  default = []
}
