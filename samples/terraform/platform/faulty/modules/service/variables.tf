variable "name" {
  type = string
}

variable "cluster_arn" {
  type = string
}

variable "image" {
  type = string
}

variable "port" {
  type = number
}

variable "execution_role" {
  description = "The role the agent uses, as a resource."
  type        = any
}

variable "secrets" {
  description = "Environment variables by the ARN their value comes from."
  type        = map(string)
  default     = {}
}

variable "statements" {
  description = "What the application may do."
  type = list(object({
    actions   = list(string)
    resources = list(string)
  }))
}

variable "exec" {
  description = "Where Exec sessions are encrypted and logged."
  type = object({
    key_arn       = string
    log_group_arn = string
    bucket_arn    = string
  })
}

variable "subnet_ids" {
  type = list(string)
}

variable "security_group_id" {
  type = string
}
