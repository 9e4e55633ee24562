output "execution" {
  value = aws_iam_role.execution
}

output "task" {
  value = aws_iam_role.task
}
