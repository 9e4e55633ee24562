"""Which types of resources matter here, and which stand for something else."""

from __future__ import annotations

from ...adapters.resource_types import CLOUDFORMATION

#: What deploys another template.
NESTED_TYPES = (
    "AWS::CloudFormation::Stack",
    "AWS::Serverless::Application",
    "AWS::CloudFormation::StackSet",
)


def matters(kind: str) -> bool:
    """Does anybody read resources of this type?"""
    row = CLOUDFORMATION.get(kind)
    return (row is not None and row.read is not None) or kind in NESTED_TYPES or is_custom(kind)


def comes_first(kind: str) -> bool:
    """Is it evaluated before others, so that its choices come first among the worlds?"""
    return kind.startswith(("AWS::ECS::", "AWS::IAM::"))


def is_custom(kind: str) -> bool:
    """Is it a custom resource, a module or a third party's type, whose properties somebody's own
    code gets?"""
    if kind.startswith(("AWS::", "Alexa::")):
        return kind == "AWS::CloudFormation::CustomResource"
    return "::" in kind
