"""EC2 instances that join an ECS cluster."""

from __future__ import annotations

from ..model import CapacityProvider, InstanceProfile, LaunchTemplate, Stack
from ..values import expanded, shown_value


def container_instances(stack: Stack) -> tuple[tuple[LaunchTemplate, InstanceProfile], ...]:
    """Launch templates and the like that are surely for ECS, with their instance profile: their user
    data sets ECS_CLUSTER, or a capacity provider of the stack uses them."""
    used = {found.address for provider in stack.of(CapacityProvider)
            if (found := stack.find(LaunchTemplate, provider.launch_template)) is not None}
    return tuple(
        (template, profile) for template in stack.of(LaunchTemplate)
        if (template.address in used or "ECS_CLUSTER" in shown_value(expanded(template.user_data)))
        and (profile := stack.find(InstanceProfile, template.instance_profile)) is not None)
