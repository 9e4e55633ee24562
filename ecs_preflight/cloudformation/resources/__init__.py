"""CloudFormation's resources, from evaluated properties to the model's classes."""

from __future__ import annotations

from ...adapters import reading
from ...adapters.resource_types import CLOUDFORMATION, readers
from ...adapters.units import Declared, Surroundings
from ...model import Resource
from ...symbolic.worlds import PathCondition
from .attributes import attribute, ref

__all__ = ["attribute", "read", "ref"]


def read(
    declared: tuple[Declared, ...], surroundings: Surroundings, world: PathCondition
) -> tuple[Resource, ...]:
    """The model's resources of a stack. What cannot be read is Unknown; nothing raises."""
    return reading.read(readers(CLOUDFORMATION), declared, surroundings, world)
