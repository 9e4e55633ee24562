variable "ami_id" {
  type    = string
  default = "ami-0d5eff06f840b45e9"
}

variable "subnet_ids" {
  type    = list(string)
  default = ["subnet-0a1b2c3d4e5f60718", "subnet-0f9e8d7c6b5a40312"]
}
