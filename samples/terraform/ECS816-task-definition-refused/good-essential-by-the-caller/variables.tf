variable "family" {
  type = string
}

# The caller of the module decides.
variable "essential" { # ok: ECS816
  type    = bool
  default = true
}
