resource "aws_ecs_cluster" "c" {
  name = "a\{b"
}
locals {
  a = "\\{x}"
  b = "\${a}"
}
