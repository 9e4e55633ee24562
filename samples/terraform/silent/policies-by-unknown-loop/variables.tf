variable "execution_policy_arns" {
  type = set(string)
}
