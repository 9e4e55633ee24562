"""What CreateService and RunTask refuse: a launch that does not go with its task definition.

Where part of either is not known, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..adapters.fields import field
from ..findings.finding import Draft
from ..findings.fixing import settings
from ..model import (
    BalancerTarget,
    Container,
    Launch,
    Launcher,
    PortMapping,
    Several,
    Stack,
    TaskDefinition,
    launch_type,
    lists,
)
from ..symbolic.answers import No, Yes, is_absent, truth
from ..symbolic.values import (
    ABSENT,
    Items,
    Unknown,
    Value,
    expanded,
    literal,
    shown_value,
    text_term,
)
from .settings import SettingFault, names_of, number

#: Launches that hand the network configuration to ecs:RunTask or CreateService.
_BY_API = (
    Launcher.SERVICE,
    Launcher.TASK_SET,
    Launcher.EVENT_RULE,
    Launcher.SCHEDULE,
    Launcher.STATE_MACHINE,
    Launcher.PIPE,
    Launcher.RUN_TASK,
)


def of_launch(stack: Stack, launch: Launch, task: TaskDefinition) -> Iterator[SettingFault]:
    """Everything in which the launch does not go with the task definition."""
    if launch.launcher not in _BY_API or task.implicit:
        return
    if isinstance(field(launch.raw, "DeploymentController.Type"), Unknown):
        return  # task sets may start the tasks, and not the service
    yield from _type(stack, launch, task)
    yield from _network(stack, launch, task)
    yield from _balancers(stack, launch, task)
    yield from _volumes(stack, launch, task)
    yield from _overrides(stack, launch, task)


def _type(stack: Stack, launch: Launch, task: TaskDefinition) -> Iterator[SettingFault]:
    asked = launch_type(stack, launch)
    name = literal(asked)
    span = asked.span if asked.span.line else launch.span
    if (
        name in ("FARGATE", "EC2", "EXTERNAL")
        and not isinstance(is_absent(task.compatibilities), Yes)
        and isinstance(lists(task.compatibilities, name), No)
    ):
        remedy, draft = _on_another(launch, task, name)
        yield SettingFault(
            span,
            f"'{launch.address}' launches task definition '{task.address}' on {name}, for which it "
            "is not made",
            "The selected task definition is not compatible with the selected compute strategy.",
            remedy,
            draft=draft,
        )
    own = not isinstance(is_absent(launch.launch_type), Yes)
    if own and literal(launch.launch_type) and launch.capacity_providers.items:
        yield SettingFault(
            span,
            f"'{launch.address}' names both a launch type and capacity providers",
            "InvalidParameterException: Specifying both a launch type and capacity provider "
            "strategy is not supported.",
            "Leave the launch type out.",
            draft=settings.removing(launch.launch_type.span),
        )
    version = launch.platform_version
    if name == "EC2" and literal(version) not in (None, ""):
        yield SettingFault(
            version.span,
            f"'{launch.address}' names platform version '{literal(version)}', which EC2 does not "
            "have",
            "InvalidParameterException: The platform version must be null when specifying an EC2 "
            "launch type.",
            "Leave the platform version out.",
            draft=settings.removing(version.span),
        )


def _network(stack: Stack, launch: Launch, task: TaskDefinition) -> Iterator[SettingFault]:
    mode, written = task.network_mode, launch.network.written
    if literal(mode) == "awsvpc" and isinstance(is_absent(written), Yes):
        event = launch.launcher is Launcher.EVENT_RULE
        on_fargate = literal(launch_type(stack, launch)) == "FARGATE"
        yield SettingFault(
            launch.task_definition.span if launch.task_definition.span.line else launch.span,
            f"'{launch.address}' has no network configuration, which the awsvpc network mode of "
            f"task definition '{task.address}' takes",
            (
                "Parameter NetworkConfiguration must be specified for target when launch type is "
                "FARGATE."
                if on_fargate
                else ""
            )
            if event
            else "InvalidParameterException: Network Configuration must be provided when "
            "networkMode 'awsvpc' is specified.",
            "Name the subnets, and security groups.",
        )
    unset = isinstance(is_absent(mode), Yes) and isinstance(
        lists(task.compatibilities, "FARGATE"), No
    )
    on_ec2 = unset and literal(launch_type(stack, launch)) == "EC2"
    if isinstance(truth(written), Yes) and (literal(mode) in ("bridge", "host", "none") or on_ec2):
        yield SettingFault(
            launch.network.span,
            f"'{launch.address}' has a network configuration, which the "
            f"{literal(mode) or 'default'} network mode of task definition '{task.address}' does "
            "not take",
            "InvalidParameterException: Network Configuration is not valid for the given "
            "networkMode of this task definition.",
            "Leave it out, or set the network mode to awsvpc.",
            draft=settings.removing(launch.network.span),
        )


def _balancers(stack: Stack, launch: Launch, task: TaskDefinition) -> Iterator[SettingFault]:
    # By term: what is not known yet, such as a parameter's value, is one name wherever it stands.
    by_name = {text_term(expanded(each.name)): each for each in task.containers}
    if task.containers.remainder is not None:
        return
    written = all(literal(container.name) is not None for container in task.containers)
    for target in launch.balancers:
        called, port = expanded(target.container), number(target.port)
        name, term = shown_value(called), text_term(called)
        container = None if term is None else by_name.get(term)
        if container is None and not (written and literal(target.container)):
            continue
        if container is None:
            yield SettingFault(
                target.container.span,
                f"'{launch.address}' balances to container '{name}', which task definition "
                f"'{task.address}' does not have",
                f"InvalidParameterException: The container {name} does not exist in the task "
                "definition.",
                "Name one of its containers.",
                draft=settings.meaning(
                    stack, launch, target.container, [each.name for each in task.containers]
                ),
            )
        elif port and not _may_publish(container, port):  # 0 stands for no port
            yield SettingFault(
                target.port.span,
                f"'{launch.address}' balances to port {port} of container '{name}', which does not "
                "publish it",
                f"InvalidParameterException: The container {name} did not have a container port "
                f"{port} defined.",
                "Add the port to the container's port mappings, or name one of them.",
                draft=_to_its_port(container, target.port),
            )
        elif (
            port and isinstance(is_absent(target.classic), No) and container.ports.remainder is None
        ):
            yield from _behind_classic(launch, task, target, container)


def _behind_classic(
    launch: Launch, task: TaskDefinition, target: BalancerTarget, container: Container
) -> Iterator[SettingFault]:
    """A Classic Load Balancer knows one port of the host (facts Q6)."""
    absent = isinstance(is_absent(task.network_mode), Yes)
    bridged = absent and isinstance(lists(task.compatibilities, "FARGATE"), No)
    if not bridged and literal(task.network_mode) != "bridge":
        return
    port = number(target.port) or 0
    mapped = mappings_of(container, port)
    if len(mapped) != 1 or number(mapped[0].container_port) != port:
        return
    host, absent = mapped[0].host_port, isinstance(is_absent(mapped[0].host_port), Yes)
    if absent or number(host) == 0:
        yield SettingFault(
            target.port.span if absent else host.span,
            f"'{launch.address}' is behind a Classic Load Balancer, and port {port} of container "
            f"'{shown_value(container.name)}' has no port of its own on the host",
            f"InvalidParameterException: A host port mapping for the container port {port} is "
            "required",
            "Map the port to one of the host, or use a target group.",
            draft=settings.beside(mapped[0].span, "hostPort", str(port))
            if absent
            else settings.setting(host.span, str(port)),
        )


def _to_its_port(container: Container, port: Value) -> Draft | None:
    """The one port of the container in place of another one."""
    ports = [number(mapping.container_port) for mapping in container.ports]
    if len(ports) != 1 or ports[0] is None or port.span.file == "":
        return None
    return settings.setting(port.span, str(ports[0]))


def _on_another(launch: Launch, task: TaskDefinition, name: str) -> tuple[str, Draft | None]:
    """The one launch type that the task definition is made for, where the launch asks for none;
    else the asked for one among those of the task definition."""
    listed = task.compatibilities
    made_for = [literal(each) for each in listed.items] if isinstance(listed, Items) else []
    asks = not isinstance(is_absent(launch.launch_type), Yes) or launch.capacity_providers
    if not asks and made_for == ["FARGATE"]:
        is_service = launch.launcher is Launcher.SERVICE
        draft = settings.argument(launch.span, "launch_type", "LaunchType", "FARGATE")
        return "Set the launch type to FARGATE.", draft if is_service else None
    return (
        f"Add {name} to the compatibilities of the task definition, or launch it elsewhere.",
        _made_for(task, name),
    )


def _made_for(task: TaskDefinition, name: str) -> Draft | None:
    """The launch type among those that the task definition is made for."""
    listed = task.compatibilities
    return settings.listed_too(listed.items, [name]) if isinstance(listed, Items) else None


def _may_publish(container: Container, port: int) -> bool:
    return container.ports.remainder is not None or bool(mappings_of(container, port))


def mappings_of(container: Container, port: int) -> tuple[PortMapping, ...]:
    """The container's port mappings that are of the port, or may be."""
    return tuple(mapping for mapping in container.ports if _may_be(mapping, port))


def _may_be(mapping: PortMapping, port: int) -> bool:
    ranged = mapping.range
    if ranged != ABSENT:
        first, _, last = (literal(ranged) or "").partition("-")
        known = first.isdecimal() and last.isdecimal()
        return not known or int(first) <= port <= int(last)
    written = number(mapping.container_port)
    return written is None or written == port


def _volumes(stack: Stack, launch: Launch, task: TaskDefinition) -> Iterator[SettingFault]:
    at_launch = [
        volume for volume in task.volumes if not isinstance(truth(volume.configured_at_launch), No)
    ]
    known = all(literal(volume.name) is not None for volume in task.volumes)
    if not known or task.volumes.remainder is not None:
        return
    names = {literal(volume.name) for volume in at_launch}
    for volume in launch.volumes:
        name = literal(volume.name)
        if name is not None and name not in names:
            yield SettingFault(
                volume.name.span,
                f"'{launch.address}' configures volume '{name}', which task definition "
                f"'{task.address}' does not leave to the launch",
                f"InvalidParameterException: The volume name '{name}' in your request does not "
                "have a matching volume in your Task Definition that is configurable at launch.",
                "Name a volume of the task definition that is configured at launch.",
                draft=settings.meaning(
                    stack, launch, volume.name, [each.name for each in at_launch]
                ),
            )
    written = names_of(
        Several(tuple(volume.name for volume in launch.volumes), launch.volumes.remainder)
    )
    if launch.launcher is not Launcher.SERVICE or written is None:
        return
    for wanted in at_launch:
        name = literal(wanted.name)
        if isinstance(truth(wanted.configured_at_launch), Yes) and name not in written:
            yield SettingFault(
                launch.task_definition.span if launch.task_definition.span.line else launch.span,
                f"'{launch.address}' does not configure volume '{name}', which "
                f"task definition '{task.address}' leaves to it",
                "",
                "Configure the volume in the service.",
            )


def _overrides(stack: Stack, launch: Launch, task: TaskDefinition) -> Iterator[SettingFault]:
    names = names_of(
        Several(tuple(container.name for container in task.containers), task.containers.remainder)
    )
    if names is None:
        return
    for named in launch.overridden:
        name = literal(named)
        if name is not None and name not in names:
            yield SettingFault(
                named.span if named.span.line else launch.span,
                f"'{launch.address}' overrides container '{name}', which task definition "
                f"'{task.address}' does not have",
                # EventBridge tells nobody but its metric FailedInvocations.
                ""
                if launch.launcher is Launcher.EVENT_RULE
                else f"InvalidParameterException: Override for container named {name} is not a "
                "container in the TaskDefinition.",
                "Name one of its containers.",
                draft=settings.meaning(
                    stack, launch, named, [container.name for container in task.containers]
                ),
            )
