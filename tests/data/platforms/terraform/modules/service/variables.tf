variable "name" {
  type = string
}

variable "prefix" {
  type = string
}

variable "region" {
  type = string
}

variable "cluster_id" {
  type = string
}

variable "image_tag" {
  type = string
}

variable "cpu" {
  type = number
}

variable "memory" {
  type = number
}

variable "port" {
  type = number
}

variable "subnets" {
  type = list(string)
}

variable "security_groups" {
  type = list(string)
}

variable "database_secret_arn" {
  type = string
}

variable "feature_flags_arn" {
  type = string
}

variable "secrets_key_arn" {
  type = string
}
