variable "ecr_endpoint_id" {
  type    = string
  default = "vpce-0f3b6a1c8d2e49570"
}

variable "cluster_arn" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}
