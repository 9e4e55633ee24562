"""Terraform's expression language, over values that are partly known."""
