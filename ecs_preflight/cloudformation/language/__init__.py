"""CloudFormation's functions and conditions, over values that are partly known."""
