"""Roles in fields that demand another service than ECS tasks."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import CapacityProvider, DeploymentGroup, Helper, HelperUse, Launcher, Resource, Stack
from ..symbolic.answers import No, is_absent
from .instances import container_instances

_OF_LAUNCHER = {
    Launcher.EVENT_RULE: Helper.EVENT_RULE,
    Launcher.SCHEDULE: Helper.SCHEDULE,
    Launcher.STATE_MACHINE: Helper.STATE_MACHINE,
    Launcher.PIPE: Helper.PIPE,
}


def helper_uses(stack: Stack) -> Iterator[tuple[Resource, HelperUse]]:
    """Every such role with the resource whose field it is, those of launchers and of container
    instances among them."""
    for launch in stack.launches:
        helper = _OF_LAUNCHER.get(launch.launcher)
        if helper is not None and isinstance(is_absent(launch.launcher_role), No):
            yield launch, HelperUse(helper, launch.launcher_role, launch.launcher_role.span)
        for use in launch.helpers:
            yield launch, use
    for instance, profile in container_instances(stack):
        span = instance.instance_profile.span
        yield instance, HelperUse(Helper.INSTANCE_PROFILE, profile.role, span)
    owners: tuple[CapacityProvider | DeploymentGroup, ...] = (
        *stack.of(CapacityProvider),
        *stack.of(DeploymentGroup),
    )
    for owner in owners:
        for use in owner.helpers:
            yield owner, use
