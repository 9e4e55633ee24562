"""CloudFormation templates (YAML, JSON, SAM, CDK output), read into stacks."""
