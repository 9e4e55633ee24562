variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "environment" {
  type    = string
  default = "production"
}

variable "image_tag" {
  type    = string
  default = "2024.11.1"
}

variable "private_subnets" {
  type = list(string)
}

variable "security_groups" {
  type = list(string)
}
