variable "secret_arns" {
  type    = map(string)
  default = {}
}
