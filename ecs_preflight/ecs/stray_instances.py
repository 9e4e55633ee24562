"""Container instances that join the cluster ``default``, where a service runs in another."""

from __future__ import annotations

from collections.abc import Iterator

from .. import iam
from ..findings.finding import Severity
from ..model import (
    CapacityProvider,
    Cluster,
    Image,
    InstanceProfile,
    Launch,
    Launcher,
    LaunchTemplate,
    Role,
    ScalingGroup,
    Stack,
)
from ..symbolic.answers import No, Yes, is_absent
from ..symbolic.strings import pieces
from ..symbolic.terms import names_in
from ..symbolic.values import (
    ABSENT,
    Known,
    Unknown,
    Value,
    Why,
    literal,
)
from . import scripts
from .instances import joined_cluster
from .policies import allows, chosen_statements, covers_action, managed_policies
from .settings import SettingFault

#: How AMIs are named and kept that have no agent, and by whom: Amazon, and Canonical. Those with
#: the agent are named amzn2-ami-ecs-..., al2023-ami-ecs-...
_PARAMETER = "{{resolve:ssm:"
_PLAIN_NAMES = ("amzn2-ami-hvm", "amzn2-ami-kernel", "al2023-ami-2", "ubuntu/images/")
_PLAIN_OWNERS = ("amazon", "137112412989", "099720109477")
_PLAIN_PATHS = (
    f"{_PARAMETER}/aws/service/ami-amazon-linux-latest/",
    f"{_PARAMETER}/aws/service/canonical/",
)


def of_instances(stack: Stack) -> Iterator[tuple[LaunchTemplate, SettingFault]]:
    """The templates by which alone a service's instances start, and which say of no cluster that
    they join it (facts H18). A warning, for an AMI may be told."""
    found: dict[str, tuple[LaunchTemplate, Launch, Cluster]] = {}
    for launch in stack.launches:
        cluster = stack.cluster_of(launch)
        if launch.launcher is Launcher.SERVICE and cluster is not None and _is_named(cluster):
            for template in _instances_of(stack, launch, cluster):
                found.setdefault(template.address, (template, launch, cluster))
    for template, launch, cluster in found.values():
        data = template.user_data
        yield (
            template,
            SettingFault(
                template.span if isinstance(is_absent(data), Yes) else data.span,
                f"The instances of '{template.address}' join the cluster "
                f"'{_other(stack, template, cluster) or 'default'}', and '{launch.address}' runs "
                f"in '{cluster.address}'",
                "service was unable to place a task because no container instance met all of its "
                "requirements. Reason: No Container Instances were found in your cluster.",
                _remedy(data),
                Severity.WARNING,
            ),
        )


def _remedy(user_data: Value) -> str:
    if scripts.is_indented(user_data):
        return "Leave out the spaces before '#!': a script that begins with them is not run."
    if scripts.is_no_script(user_data):
        return "Begin it with '#!/bin/bash': other text is not run."
    return (
        "Let the user data write ECS_CLUSTER=NAME, with the cluster's name, to /etc/ecs/ecs.config."
    )


def _is_named(cluster: Cluster) -> bool:
    """Is it surely none of the name ``default``?"""
    return isinstance(iam.match.covers(Known("default"), cluster.name), No)


def _instances_of(stack: Stack, launch: Launch, cluster: Cluster) -> tuple[LaunchTemplate, ...]:
    """All that the service runs on, where they are known and none joins its cluster."""
    providers = launch.capacity_providers
    on_type = literal(launch.launch_type) == "EC2"
    if not on_type and not providers.items and providers.remainder is None:
        providers = cluster.default_strategy
    if providers.remainder is not None or stack.unread:
        return ()
    if providers.items:
        found = [stack.find(CapacityProvider, value) for value in providers]
        named = [ABSENT if each is None else each.launch_template for each in found]
    else:
        named = _grouped(stack) if on_type else []
    templates = [stack.find(LaunchTemplate, each) for each in named]
    stray = tuple(
        each
        for each in templates
        if each is not None
        and stack.owns(each)
        and each.conditional is None
        and _registers(stack, each)
        and (
            _is_stray(each)
            # Beside instances that no capacity provider ties to it, others may join the cluster.
            or (providers.items and _other(stack, each, cluster) is not None)
        )
    )
    return stray if len(stray) == len(templates) else ()


def _grouped(stack: Stack) -> list[Value]:
    """What names the only template of the stack that may be of ECS, where its only such Auto
    Scaling group has it, and no caller brings others."""
    others = {each.address for each in stack.of(LaunchTemplate) if _is_no_host(stack, each)}
    templates = [each for each in stack.of(LaunchTemplate) if each.address not in others]
    groups = [
        group
        for group in stack.of(ScalingGroup)
        if (found := stack.find(LaunchTemplate, group.launch_template)) is None
        or found.address not in others
    ]
    alone = len(groups) == len(templates) == 1
    return [groups[0].launch_template] if alone and not stack.reusable else []


def _is_no_host(stack: Stack, template: LaunchTemplate) -> bool:
    """Has the instance surely no part in ECS: an AMI without the agent, and user data that is known
    and brings none?"""
    return scripts.has_no_part_in_ecs(template.user_data) and _is_plain(stack, template.image)


def _is_plain(stack: Stack, image: Value) -> bool:
    """Is it an AMI of Amazon Linux or Ubuntu as such?"""
    looked_up = stack.find(Image, image)
    if looked_up is not None:
        names = [literal(each) or "" for each in looked_up.patterns]
        owners = [literal(each) or "" for each in looked_up.owners]
        return (
            bool(names)
            and looked_up.patterns.remainder is None
            and looked_up.owners.remainder is None
            and all(name.startswith(_PLAIN_NAMES) for name in names)
            and bool(owners)
            and all(owner in _PLAIN_OWNERS for owner in owners)
        )
    paths = _parameters(image)
    return bool(paths) and all(path.startswith(_PLAIN_PATHS) for path in paths)


def _is_stray(template: LaunchTemplate) -> bool:
    """Does its user data surely join no cluster by name?"""
    return (
        scripts.is_indented(template.user_data)
        or scripts.is_no_script(template.user_data)
        or (_is_of_ecs(template.image) and scripts.joins_nothing(template.user_data))
    )


def _other(stack: Stack, template: LaunchTemplate, cluster: Cluster) -> str | None:
    """The name of another cluster that the instances surely join; None where that is not said."""
    if not scripts.sets_one_cluster(template.user_data):
        return None
    name = literal(joined_cluster(stack, template.user_data))
    is_other = name and isinstance(iam.match.covers(Known(name), cluster.name), No)
    return name if is_other else None


def _is_of_ecs(image: Value) -> bool:
    """Is it read from a parameter at deployment, and from ECS's own where that is known?"""
    paths = _parameters(image)
    return bool(paths) and all("/aws/service/" in path and "ecs" in path for path in paths)


def _parameters(image: Value) -> list[str]:
    """The parameters that it is read from at deployment; none where that is not said."""
    if not isinstance(image, Unknown) or image.why is not Why.OUTSIDE:
        return []
    return [name for name in names_in(image.symbol) if name.startswith(_PARAMETER)]


def _registers(stack: Stack, template: LaunchTemplate) -> bool:
    """May the instances register, so that they are surely meant for ECS?"""
    profile = stack.find(InstanceProfile, template.instance_profile)
    role = stack.role_of(profile.role) if profile is not None else None
    if not isinstance(role, Role):
        return False
    named = (pieces.ending(policy.arn) for policy in managed_policies(role))
    return any(arn.endswith("/AmazonEC2ContainerServiceforEC2Role") for arn in named) or any(
        covers_action(action, "ecs:RegisterContainerInstance")
        for _, statement in chosen_statements(role)
        for action in statement.actions or ()
        if allows(statement) and literal(action) != "*"
    )
