resource "aws_vpc" "apps" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc" "data" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "apps" {
  vpc_id     = aws_vpc.apps.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "data" {
  vpc_id = aws_vpc.data.id
}

output "subnets" {
  value = [aws_subnet.apps.id]
}

output "security_groups" {
  value = [aws_security_group.data.id]
}
