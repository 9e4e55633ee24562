"""Terraform's resources of the AWS provider, from evaluated bodies to the model's classes."""

from __future__ import annotations

from ...adapters import reading
from ...adapters.fields import field
from ...adapters.resource_types import TERRAFORM, readers
from ...adapters.units import Declared, Surroundings
from ...model import Attachment, Resource
from ...symbolic.worlds import PathCondition
from .attributes import ATTRIBUTES, attribute

__all__ = ["TYPES", "attribute", "exclusive_attachments", "read"]

#: The types of resources and data sources which are read, or whose computed attributes are known.
TYPES = frozenset(name.removeprefix("data.") for name in (*TERRAFORM, *ATTRIBUTES))


def read(
    declared: tuple[Declared, ...], surroundings: Surroundings, world: PathCondition
) -> tuple[Resource, ...]:
    """The model's resources of a stack. What cannot be read is Unknown; nothing raises."""
    return reading.read(readers(TERRAFORM), declared, surroundings, world)


def exclusive_attachments(declared: tuple[Declared, ...]) -> tuple[Attachment, ...]:
    """``aws_iam_policy_attachment``: exclusive for its policy in the whole account (facts L)."""
    return tuple(
        Attachment(d.address, field(d.body, "policy_arn"), d.span)
        for d in declared
        if d.type == "aws_iam_policy_attachment" and not d.is_data
    )
