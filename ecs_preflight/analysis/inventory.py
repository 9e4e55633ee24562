"""What a report counts of a stack, and all that is left of it where nobody asks for more."""

from __future__ import annotations

from ..model import Cluster, Launch, Role, Stack, TaskDefinition
from ..symbolic.records import dataclass
from ..symbolic.source import Span
from ..symbolic.values import Unknown

#: Where a resource stands: its address and its block.
Site = tuple[str, Span]
_OF_ECS = (TaskDefinition, Launch, Cluster)


@dataclass(frozen=True)
class Inventory:
    """The stack's name and files, what could not be read of it, whether anything in it is of ECS,
    and the resources that are its own. A role that a task definition file uses is judged there,
    and counted where it is written."""

    name: str
    files: tuple[str, ...]
    unread: tuple[Unknown, ...]
    of_ecs: bool
    task_definitions: tuple[Site, ...]
    launches: tuple[Site, ...]
    roles: tuple[Site, ...]

    @classmethod
    def of(cls, stack: Stack) -> Inventory:
        """What there is in the stack."""

        def own(kind: type[TaskDefinition] | type[Launch] | type[Role]) -> tuple[Site, ...]:
            return tuple(
                (r.address, r.span)
                for r in stack.resources
                if isinstance(r, kind) and stack.owns(r)
            )

        return cls(
            stack.name,
            stack.files,
            stack.unread,
            any(isinstance(resource, _OF_ECS) for resource in stack.resources),
            own(TaskDefinition),
            own(Launch),
            own(Role),
        )
