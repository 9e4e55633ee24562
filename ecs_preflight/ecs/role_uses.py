"""Which roles ECS tasks use, and as what."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Principal, Resource, Role, Stack, Target, TaskDefinition
from ..symbolic.records import dataclass
from ..symbolic.values import Value


@dataclass(frozen=True)
class RoleUse:
    """A role of the stack and how tasks use it: as task role, as execution role, or as both.
    ``users`` are the addresses of the task definitions and launches, ``places`` where these are
    deployed."""

    role: Role
    principals: tuple[Principal, ...]
    users: tuple[str, ...]
    places: tuple[Target, ...]


def tasks_of(stack: Stack, use: RoleUse) -> tuple[TaskDefinition, ...]:
    """The task definitions that use the role so."""
    found = (stack.at(TaskDefinition, user) for user in use.users)
    return tuple(task for task in found if task is not None)


def role_uses(stack: Stack) -> tuple[RoleUse, ...]:
    """Every role of the stack that a task definition, or an override of a launch, uses."""
    return stack.derived(_role_uses)


def _role_uses(stack: Stack) -> tuple[RoleUse, ...]:
    found: dict[str, list[tuple[Role, Principal, Resource]]] = {}
    for value, principal, user in roles_named(stack):
        role = stack.role_of(value)
        if isinstance(role, Role):
            found.setdefault(role.address, []).append((role, principal, user))
    return tuple(
        RoleUse(
            uses[0][0],
            tuple(dict.fromkeys(principal for _, principal, _ in uses)),
            tuple(dict.fromkeys(user.address for _, _, user in uses)),
            tuple(dict.fromkeys(stack.place_of(user) for _, _, user in uses)),
        )
        for uses in found.values()
    )


def roles_named(stack: Stack) -> Iterator[tuple[Value, Principal, Resource]]:
    """What names a role for a task to use, be it one of the stack's or not; as what; and where."""
    for task in stack.task_definitions:
        yield task.execution_role, Principal.EXECUTION, task
        yield task.task_role, Principal.TASK, task
    for launch in stack.launches:
        yield launch.execution_role_override, Principal.EXECUTION, launch
        yield launch.task_role_override, Principal.TASK, launch
