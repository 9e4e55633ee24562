variable "ami_id" {
  type    = string
  default = "ami-0d5eff06f840b45e9"
}
