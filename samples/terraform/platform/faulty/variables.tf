variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "subnet_ids" {
  description = "Private subnets with a route to a NAT gateway."
  type        = list(string)
}

variable "security_group_id" {
  type = string
}

variable "release" {
  description = "Image tag to deploy."
  type        = string
}
