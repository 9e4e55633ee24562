variable "vpc_id" {
  type = string
}

variable "ipv6_cidr_block" {
  type = string
}
