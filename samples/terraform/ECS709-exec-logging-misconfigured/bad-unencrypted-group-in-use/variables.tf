variable "private_subnet_ids" {
  type    = list(string)
  default = ["subnet-0a1f5e2b9c7d3e481", "subnet-0b7c4d9e2f6a81350"]
}

variable "security_group_id" {
  type    = string
  default = "sg-0c3e8f1a5b7d92640"
}
