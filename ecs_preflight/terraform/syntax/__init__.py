"""HCL and Terraform's JSON syntax, read into one syntax tree."""
