"""CloudFormation's resources, from evaluated properties to the model's classes."""

from __future__ import annotations

from ... import adapters as reading
from ...adapters.units import Declared, Surroundings
from ...model import Resource, Target
from .attributes import attribute, ref
from .readers import READERS

__all__ = ["attribute", "read", "ref"]


def read(
    declared: tuple[Declared, ...], surroundings: Surroundings, target: Target
) -> tuple[Resource, ...]:
    """The model's resources of a stack. What cannot be read is Unknown; nothing raises."""
    return reading.read(READERS, declared, surroundings)
