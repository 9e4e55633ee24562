variable "cluster_arn" {
  type    = string
  default = "arn:aws:ecs:eu-west-1:123456789012:cluster/production"
}

variable "security_group_id" {
  type    = string
  default = "sg-0c3e8f1a5b7d92640"
}
