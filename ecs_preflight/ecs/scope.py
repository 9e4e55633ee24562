"""Which roles are of ECS: general faults of other roles are other tools' matter."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Role, Stack
from ..symbolic.values import Value
from .deployers import passing_calls
from .role_uses import role_uses
from .service_roles import helper_uses


def roles_of_ecs(stack: Stack) -> tuple[Role, ...]:
    """The roles that tasks, launches, deployers and service roles of ECS use, in the code's
    order."""
    used = stack.derived(_addresses)
    return tuple(role for role in stack.principals if role.address in used)


def _addresses(stack: Stack) -> frozenset[str]:
    named = (stack.role_of(value) for value in _named(stack))
    users = (use.role for use in role_uses(stack))
    deployers = (role for role in stack.principals if passing_calls(role))
    return frozenset(r.address for r in (*named, *users, *deployers) if isinstance(r, Role))


def _named(stack: Stack) -> Iterator[Value]:
    yield from (use.role for _, use in helper_uses(stack))
    for launch in stack.launches:
        yield from (launch.launcher_role, launch.deployer)
