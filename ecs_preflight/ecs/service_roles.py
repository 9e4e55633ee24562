"""Roles in fields that demand another service than ECS tasks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from .. import iam
from ..model import (
    CapacityProvider,
    DeploymentGroup,
    InstanceProfile,
    Launcher,
    Resource,
    Role,
    RoleHolder,
    RoleUser,
    ServiceRole,
    ServiceRoleUse,
    Stack,
    lists,
)
from ..symbolic.answers import No, Yes, is_absent
from ..symbolic.records import dataclass, field
from ..symbolic.source import Span
from ..symbolic.values import Value
from .instances import container_instances
from .principals import TASKS
from .role_uses import role_uses

_OF_LAUNCHER = {
    Launcher.EVENT_RULE: ServiceRole.EVENT_RULE,
    Launcher.SCHEDULE: ServiceRole.SCHEDULE,
    Launcher.STATE_MACHINE: ServiceRole.STATE_MACHINE,
    Launcher.PIPE: ServiceRole.PIPE,
}


def helper_uses(stack: Stack) -> Iterator[tuple[Resource, ServiceRoleUse]]:
    """Every such role with the resource whose field it is, those of launchers and of container
    instances among them."""
    for launch in stack.launches:
        service_role = _OF_LAUNCHER.get(launch.launcher)
        if service_role is not None and isinstance(is_absent(launch.launcher_role), No):
            yield (
                launch,
                ServiceRoleUse(service_role, launch.launcher_role, launch.launcher_role.span),
            )
        for use in launch.service_roles:
            yield launch, use
    for instance in container_instances(stack):
        if instance.profile is not None:
            span = instance.template.instance_profile.span
            use = ServiceRoleUse(ServiceRole.INSTANCE_PROFILE, instance.profile.role, span)
            yield instance.template, use
    owners: tuple[CapacityProvider | DeploymentGroup | RoleHolder, ...] = (
        *stack.of(CapacityProvider),
        *stack.of(DeploymentGroup),
        *(holder for holder in stack.of(RoleHolder) if _is_for_ecs(stack, holder)),
    )
    for owner in owners:
        for use in owner.service_roles:
            yield owner, use


def _is_for_ecs(stack: Stack, holder: RoleHolder) -> bool:
    """Is it surely for ECS? Servers are registered with Systems Manager for other ends too: only a
    stack with tasks for external instances speaks of ECS Anywhere."""
    kinds = {use.service_role for use in holder.service_roles}
    return ServiceRole.EXTERNAL_INSTANCE not in kinds or any(
        isinstance(lists(task.compatibilities, "EXTERNAL"), Yes) for task in stack.task_definitions
    )


def services_of_roles(stack: Stack) -> dict[str, set[str]]:
    """The services that use each role of the stack otherwise than for tasks, by its address."""
    return stack.derived(_services)


def services_of_trust(stack: Stack, role: Role) -> set[str] | None:
    """The services that the role's trust policy must go on naming: those that use the role, or
    another one that has the same policy. None where such another one has no use in sight."""
    found = set(services_of_roles(stack).get(role.address, ()))
    for place in _places(role):
        holders = stack.derived(_by_trust)[place]
        if len(holders.idle) > (role.address in holders.idle):
            return None
        found |= holders.services
        if holders.tasks:
            found.add(TASKS)
    return found


@dataclass(frozen=True)
class _OfOneTrust:
    """All roles of one trust policy, since an estate may have but one: the addresses of ``tasks``'
    roles and of those without a use in sight, and what ``services`` use the others."""

    tasks: set[str] = field(default_factory=set)
    idle: set[str] = field(default_factory=set)
    services: set[str] = field(default_factory=set)


def _by_trust(stack: Stack) -> dict[Span, _OfOneTrust]:
    tasks = {use.role.address for use in role_uses(stack)}
    found: dict[Span, _OfOneTrust] = defaultdict(_OfOneTrust)
    for role in stack.roles:
        services = services_of_roles(stack).get(role.address, set())
        for place in _places(role):
            found[place].services.update(services)
            if role.address in tasks:
                found[place].tasks.add(role.address)
            elif not services:
                found[place].idle.add(role.address)
    return found


def _places(role: Role) -> set[Span]:
    return {statement.span for statement in iam.statements(role.trust).statements}


def _services(stack: Stack) -> dict[str, set[str]]:
    uses: list[tuple[Value, str]] = [
        *((use.role, use.service_role.principal) for _, use in helper_uses(stack)),
        *((user.role, user.service) for user in stack.of(RoleUser)),
        *((profile.role, "ec2.amazonaws.com") for profile in stack.of(InstanceProfile)),
    ]
    found: dict[str, set[str]] = {}
    for value, service in uses:
        role = stack.role_of(value)
        if isinstance(role, Role):
            found.setdefault(role.address, set()).add(service)
    return found
