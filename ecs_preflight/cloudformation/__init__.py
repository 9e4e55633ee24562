"""CloudFormation templates (YAML, JSON, SAM, CDK output), read into stacks."""

from __future__ import annotations

from .template.discovery import find, unit_from_template

__all__ = ["find", "unit_from_template"]
