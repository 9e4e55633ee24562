"""What is known of what stands outside a stack: in the rest of the repository, or asserted of other
code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..model import Stack
from .config import ExternalRole
from .external_roles import with_roles
from .repository import Repository


@dataclass(frozen=True)
class Outside:
    """``repository`` is asked first, then ``asserted``, the roles of the configuration."""

    asserted: Sequence[ExternalRole] = ()
    repository: Repository = field(default_factory=Repository)

    def completed(self, stack: Stack) -> Stack:
        """The stack with what it names and does not hold, as far as that is known here. What is
        added is looked up, not judged."""
        return with_roles(self.repository.joined(stack), self.asserted)
