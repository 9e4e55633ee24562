variable "subnet_ids" {
  type = list(string)
}

variable "name" {
  type = string
}

variable "target_group_arn" {
  type = string
}
