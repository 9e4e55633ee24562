"""Container instances that join the cluster ``default``, where a service runs in another."""

from __future__ import annotations

from collections.abc import Iterator

from .. import iam
from ..findings.finding import Severity
from ..model import (
    CapacityProvider,
    Cluster,
    InstanceProfile,
    Launch,
    Launcher,
    LaunchTemplate,
    Role,
    ScalingGroup,
    Stack,
)
from ..symbolic.answers import No, Yes, is_absent
from ..symbolic.patterns import regex
from ..symbolic.strings import pieces
from ..symbolic.terms import names_in
from ..symbolic.values import (
    ABSENT,
    Known,
    Unknown,
    Value,
    Why,
    expanded,
    literal,
    without_holes,
)
from .policies import allows, chosen_statements, covers_action, managed_policies
from .settings import SettingFault

#: Lines of a script that leave the agent's configuration alone, and those that write to it another
#: variable than ECS_CLUSTER, or that one misspelt.
_IDLE = regex(
    r"#.*|set [-+]\w.*|export [A-Z]+=\S*|(sudo )?(yum|dnf|apt-get) (-\w+ )*(update|upgrade)"
    r"( -\w+)*|(sudo )?systemctl [\w@ .-]+|(sudo )?(start|stop) ecs|sleep \d+|"
)
_SET = regex(r"(sudo )?echo (-\w+ )?[\"']?[A-Z_]+=[^;&|`(]*>>? ?/etc/ecs/ecs\.config[\"']?")


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
                f"The instances of '{template.address}' join the cluster 'default', and "
                f"'{launch.address}' runs in '{cluster.address}'",
                "service was unable to place a task because no container instance met all of its "
                "requirements. Reason: No Container Instances were found in your cluster.",
                "Leave out the spaces before '#!': a script that begins with them is not run."
                if _is_indented(data)
                else "Let the user data write ECS_CLUSTER=NAME, with the cluster's name, to "
                "/etc/ecs/ecs.config.",
                Severity.WARNING,
            ),
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
    stray = tuple(each for each in templates if each is not None and _is_stray(stack, each))
    return stray if len(stray) == len(templates) else ()


def _grouped(stack: Stack) -> list[Value]:
    """What names the only template of the stack, where its only Auto Scaling group has it, and no
    caller brings others."""
    groups = stack.of(ScalingGroup)
    alone = len(groups) == len(stack.of(LaunchTemplate)) == 1
    return [groups[0].launch_template] if alone and not stack.reusable else []


def _is_stray(stack: Stack, template: LaunchTemplate) -> bool:
    return (
        stack.owns(template)
        and template.conditional is None
        and _registers(stack, template)
        and (
            _is_indented(template.user_data)
            or (_is_of_ecs(template.image) and _joins_nothing(template.user_data))
        )
    )


def _is_indented(user_data: Value) -> bool:
    """Is it a script that would join a cluster, and begins with spaces, as in ``<<EOF``? cloud-init
    takes it for a script, and the kernel finds no ``#!`` at its beginning."""
    begin = pieces.beginning(user_data)
    return (
        user_data.span.line > 0  # else it is put together of commands that a shell runs
        and begin[:1].isspace()
        and begin.lstrip().startswith("#!")
        and "ECS_CLUSTER=" in without_holes(user_data)
    )


def _is_of_ecs(image: Value) -> bool:
    """Is it read from a parameter at deployment, and from ECS's own where that is known?"""
    if not isinstance(image, Unknown) or image.why is not Why.OUTSIDE:
        return False
    names = names_in(image.symbol)
    paths = [name for name in names if name.startswith("{{resolve:ssm:")]
    return bool(paths) and all("/aws/service/" in path and "ecs" in path for path in paths)


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


def _joins_nothing(user_data: Value) -> bool:
    """Is it left out, or a script of which each line is known to set no cluster?"""
    if isinstance(is_absent(user_data), Yes):
        return True
    written = literal(expanded(user_data))
    return (
        written is not None
        and "ECS_CLUSTER=" not in written
        and all(
            _IDLE.fullmatch(line) is not None or _SET.fullmatch(line) is not None
            for line in map(str.strip, written.splitlines())
        )
    )
