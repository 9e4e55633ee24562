"""Which roles ECS tasks use, and as what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..model import Principal, Role, Stack
from ..symbolic.values import Value


@dataclass(frozen=True)
class RoleUse:
    """A role of the stack and how tasks use it: as task role, as execution role, or as both.
    ``users`` are the addresses of the task definitions and launches."""

    role: Role
    principals: tuple[Principal, ...]
    users: tuple[str, ...]

    @property
    def both(self) -> bool:
        return len(self.principals) > 1


def role_uses(stack: Stack) -> tuple[RoleUse, ...]:
    """Every role of the stack that a task definition, or an override of a launch, uses."""
    found: dict[str, tuple[Role, dict[Principal, None], dict[str, None]]] = {}
    for value, principal, user in _named(stack):
        role = stack.role_of(value)
        if isinstance(role, Role):
            _, principals, users = found.setdefault(role.address, (role, {}, {}))
            principals[principal] = None
            users[user] = None
    return tuple(
        RoleUse(role, tuple(principals), tuple(users)) for role, principals, users in found.values()
    )


def _named(stack: Stack) -> Iterator[tuple[Value, Principal, str]]:
    for task in stack.task_definitions:
        yield task.execution_role, Principal.EXECUTION, task.address
        yield task.task_role, Principal.TASK, task.address
    for launch in stack.launches:
        yield launch.execution_role_override, Principal.EXECUTION, launch.address
        yield launch.task_role_override, Principal.TASK, launch.address
