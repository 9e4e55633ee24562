"""Terraform and OpenTofu configurations and plans, read into stacks."""
