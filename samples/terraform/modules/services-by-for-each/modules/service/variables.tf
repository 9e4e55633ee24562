variable "name" {
  type = string
}

variable "image" {
  type = string
}

variable "cluster_arn" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "execution_role_arn" {
  type = string
}

variable "task_role_arn" {
  type    = string
  default = null
}

variable "secrets" {
  description = "Names of environment variables to the ARNs their values come from."
  type        = map(string)
  default     = {}
}
