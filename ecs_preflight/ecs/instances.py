"""EC2 instances that join an ECS cluster."""

from __future__ import annotations

import re

from ..findings.needs import Demand
from ..model import CapacityProvider, Cluster, InstanceProfile, LaunchTemplate, Stack
from ..symbolic import arns
from ..symbolic.terms import Name
from ..symbolic.values import Known, Text, Unknown, Value, expanded, join, shown_value

_JOINED = re.compile(r"ECS_CLUSTER=[\"']?([A-Za-z0-9_-]*)")


def container_instances(stack: Stack) -> tuple[tuple[LaunchTemplate, InstanceProfile], ...]:
    """Launch templates and the like that are surely for ECS, with their instance profile: their
    user data sets ECS_CLUSTER, or a capacity provider of the stack uses them."""
    used = {
        found.address
        for provider in stack.of(CapacityProvider)
        if (found := stack.find(LaunchTemplate, provider.launch_template)) is not None
    }
    return tuple(
        (template, profile)
        for template in stack.of(LaunchTemplate)
        if (template.address in used or "ECS_CLUSTER" in shown_value(expanded(template.user_data)))
        and (profile := stack.find(InstanceProfile, template.instance_profile)) is not None
    )


def agent_demands(stack: Stack, instance: LaunchTemplate) -> tuple[Demand, ...]:
    """What the agent must be allowed to join the cluster and to report (facts H8), on the resources
    of the Service Authorization Reference."""
    name = _joined(stack, instance.user_data)
    cluster = arns.cluster(stack.target, name)
    itself = arns.arn(
        stack.target,
        "ecs",
        join("container-instance/", name, "/", arns.hole(instance.address, "container instance")),
    )
    known = (("ecs:cluster", cluster),)
    return (
        Demand("ecs:DiscoverPollEndpoint", Known("*")),
        Demand("ecs:RegisterContainerInstance", cluster, known),
        Demand("ecs:Poll", itself, known),
        Demand("ecs:SubmitTaskStateChange", cluster, known),
        Demand("ecs:SubmitAttachmentStateChanges", cluster, known),
    )


def managed_agent_demands(stack: Stack, provider: CapacityProvider) -> tuple[Demand, ...]:
    """The same for Managed Instances: what AmazonECSInstanceRolePolicyForManagedInstances
    allows."""
    name = Unknown(
        "the capacity provider's cluster is not known", Name(f"{provider.address}.cluster")
    )
    cluster = arns.cluster(stack.target, name)
    itself = arns.arn(
        stack.target,
        "ecs",
        join("container-instance/", name, "/", arns.hole(provider.address, "container instance")),
    )
    return (
        Demand("ecs:DiscoverPollEndpoint", Known("*")),
        Demand("ecs:RegisterContainerInstance", cluster),
        Demand("ecs:Poll", itself),
        Demand("ecs:SubmitTaskStateChange", cluster),
    )


def _joined(stack: Stack, user_data: Value) -> Value:
    """The name of the cluster that the user data has the agent join."""
    pieces = user_data.parts if isinstance(user_data, Text) else (shown_value(user_data),)
    for piece, following in zip(pieces, (*pieces[1:], ""), strict=True):
        found = _JOINED.search(piece) if isinstance(piece, str) else None
        if found is None:
            continue
        if found[1]:
            return Known(found[1])
        if not isinstance(following, str):
            cluster = stack.find(Cluster, following)
            return following if cluster is None else cluster.name
    return Unknown("its user data does not say which cluster it joins")
