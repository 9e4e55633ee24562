"""What CreateService refuses of a service itself: settings that do not go with each other.

Where one of them is not known, nothing is said (API CreateService).
"""

from __future__ import annotations

from collections.abc import Iterator

from ..adapters.fields import field, maps
from ..findings.finding import Draft, Whose
from ..findings.fixing import settings
from ..model import (
    DeploymentGroup,
    Launch,
    Launcher,
    Listener,
    PipelineDeployment,
    Stack,
    TargetGroup,
    TaskDefinition,
    launch_type,
)
from ..model.common import identity
from ..symbolic.answers import No, Yes, is_absent, truth
from ..symbolic.values import Entries, Reference, Unknown, Value, literal, shown_value
from .settings import PARAMETER, SettingFault, is_given, network_mode

CODE_DEPLOY = ("aws_codedeploy_deployment_group", "AWS::CodeDeploy::DeploymentGroup")


def of_service(stack: Stack, launch: Launch, task: TaskDefinition | None) -> Iterator[SettingFault]:
    """Everything that a service says of itself which does not go together."""
    if launch.launcher is Launcher.SERVICE and isinstance(launch.raw, Entries):
        yield from _on_fargate(stack, launch)
        yield from _by_controller(stack, launch)
        yield from _by_codedeploy(stack, launch)
        yield from _connect(stack, launch, task)
        yield from _volumes(launch)
        yield from _without_balancer(stack, launch)
        if task is not None:
            yield from _targets(stack, launch, task)


def _on_fargate(stack: Stack, launch: Launch) -> Iterator[SettingFault]:
    kind = launch_type(stack, launch)
    if literal(kind) == "EC2" and isinstance(truth(launch.network.assign_public_ip), Yes):
        yield SettingFault(
            launch.network.assign_public_ip.span,
            f"'{launch.address}' assigns public addresses, which EC2 tasks do not get",
            f"{PARAMETER}Assign public IP is not supported for this launch type.",
            "Leave it out; the instances' subnets decide how their tasks go out.",
            draft=settings.removing(launch.network.assign_public_ip.span),
        )
    if literal(kind) != "FARGATE":
        return
    for name, what in (
        ("PlacementConstraints", "constraints"),
        ("PlacementStrategies", "strategies"),
        ("OrderedPlacementStrategy", "strategies"),
    ):
        written = field(launch.raw, name)
        if is_given(written):
            yield SettingFault(
                written.span,
                f"'{launch.address}' has placement {what}, which Fargate does not support",
                f"{PARAMETER}Placement {what} are not supported with FARGATE launch type.",
                "Leave them out.",
                draft=settings.removing(written.span),
            )
    strategy = field(launch.raw, "SchedulingStrategy")
    if literal(strategy) == "DAEMON":
        yield SettingFault(
            strategy.span,
            f"'{launch.address}' is a daemon, which Fargate does not support",
            "",
            "Use the REPLICA strategy.",
            draft=settings.replacing(strategy, "REPLICA"),
        )
    for target in launch.balancers:
        if literal(target.classic) is not None:
            yield SettingFault(
                target.classic.span,
                f"'{launch.address}' is behind a Classic Load Balancer, which Fargate does not "
                "support",
                f"{PARAMETER}Classic Load Balancers are not supported with Fargate.",
                "Use a target group.",
            )


def _by_controller(stack: Stack, launch: Launch) -> Iterator[SettingFault]:
    controller = literal(field(launch.raw, "DeploymentController.Type"))
    balanced = truth(launch.has_load_balancer)
    if controller == "CODE_DEPLOY" and isinstance(balanced, No):
        yield SettingFault(
            field(launch.raw, "DeploymentController.Type").span,
            f"'{launch.address}' is deployed by CodeDeploy and has no load balancer",
            f"{PARAMETER}the service requires an Application Load Balancer or Network Load "
            "Balancer.",
            "Name a target group, or leave deployments to ECS.",
        )
    breaker = field(
        launch.raw,
        "DeploymentConfiguration.DeploymentCircuitBreaker.Enable",
        "DeploymentCircuitBreaker.Enable",
    )
    if controller in ("CODE_DEPLOY", "EXTERNAL") and isinstance(truth(breaker), Yes):
        yield SettingFault(
            breaker.span,
            f"'{launch.address}' has a circuit breaker, and is not deployed by ECS",
            "",
            "Leave it out, or leave deployments to ECS.",
            draft=settings.setting(breaker.span, "false"),
        )
    if controller != "EXTERNAL":
        return
    task_definition = field(launch.raw, "TaskDefinition")
    has_sets = any(other.launcher is Launcher.TASK_SET for other in stack.launches)
    if is_given(task_definition):
        yield SettingFault(
            task_definition.span,
            f"'{launch.address}' names a task definition, which its task sets are to name",
            f"{PARAMETER}TaskDefinition must be blank.",
            "Name it in the task set.",
            draft=settings.removing(task_definition.span) if has_sets else None,
        )
    balancers = maps(field(launch.raw, "LoadBalancers", "LoadBalancer"), lambda item: item)
    if balancers.items:
        yield SettingFault(
            balancers.items[0].span,
            f"'{launch.address}' names load balancers, which its task sets are to name",
            f"{PARAMETER}LoadBalancers must be empty or null.",
            "Name them in the task set.",
        )


def of_task_set(stack: Stack, launch: Launch) -> Iterator[SettingFault]:
    """A task set of a service that ECS or CodeDeploy deploys (facts H20)."""
    named = field(launch.raw, "Service")
    service = stack.find(Launch, named) if isinstance(named, Reference) else None
    if launch.launcher is not Launcher.TASK_SET or service is None:
        return
    controller = field(service.raw, "DeploymentController.Type")
    kind = "ECS" if isinstance(is_absent(controller), Yes) else literal(controller)
    if kind in ("ECS", "CODE_DEPLOY") and service.conditional is None:
        yield SettingFault(
            named.span,
            f"'{launch.address}' is a task set of '{service.address}', whose deployment controller "
            f"is {kind}",
            f"{PARAMETER}Amazon ECS only supports task set management on services configured to "
            "use external deployment controllers.",
            "Give the service a deployment controller of type EXTERNAL, or leave the task set out.",
            together=(controller,),
        )


def _by_codedeploy(stack: Stack, launch: Launch) -> Iterator[SettingFault]:
    """A deployment group of CodeDeploy for a service that ECS deploys itself (facts H13). Of one
    without a load balancer more is missing than that."""
    controller = field(launch.raw, "DeploymentController.Type")
    is_of_ecs = isinstance(is_absent(controller), Yes) or literal(controller) == "ECS"
    group = stack.derived(_groups).get(launch.address)
    if is_of_ecs and group is not None and launch.balancers.items:
        yield SettingFault(
            launch.span,
            f"'{launch.address}' is deployed by ECS, and '{group.address}' would have CodeDeploy "
            "deploy it",
            "InvalidECSServiceException: Deployment group's ECS service must be configured for a "
            "CODE_DEPLOY deployment controller.",
            "Give the service a deployment controller of type CODE_DEPLOY.",
            together=(controller,),
            whose=Whose.CODE,
        )


def _groups(stack: Stack) -> dict[str, DeploymentGroup]:
    """CodeDeploy's groups by the services of the stack that they deploy."""
    return {
        launch.address: group
        for group in stack.of(DeploymentGroup)
        if group.type in CODE_DEPLOY and group.conditional is None
        for name in group.services
        if (launch := stack.find(Launch, name)) is not None
    }


def of_pipeline(stack: Stack, deployment: PipelineDeployment) -> Iterator[SettingFault]:
    """CodePipeline hands CodeDeploy an archive, where a group for ECS takes an AppSpec file alone
    (facts H17)."""
    group = stack.find(DeploymentGroup, deployment.group)
    if group is None or group.type not in CODE_DEPLOY or group.conditional is not None:
        return
    application = identity(deployment.application)
    is_its = application is not None and application == identity(group.application)
    if is_its or isinstance(deployment.group, Reference):
        yield SettingFault(
            deployment.provider.span,
            f"'{deployment.address}' deploys by CodeDeploy to '{group.address}', a group for an "
            "ECS service, which takes no archive",
            "InvalidRevisionException: BundleType must be either YAML or JSON",
            "Use the provider CodeDeployToECS, with its TaskDefinitionTemplateArtifact and "
            "AppSpecTemplateArtifact.",
        )


def _connect(stack: Stack, launch: Launch, task: TaskDefinition | None) -> Iterator[SettingFault]:
    connect = field(launch.raw, "ServiceConnectConfiguration")
    if not isinstance(truth(launch.service_connect), Yes):
        return
    cluster = stack.cluster_of(launch)
    if (
        isinstance(is_absent(field(connect, "Namespace")), Yes)
        and cluster is not None
        and isinstance(is_absent(cluster.namespace), Yes)
    ):
        yield SettingFault(
            connect.span,
            f"'{launch.address}' uses Service Connect without a namespace, and '{cluster.address}' "
            "has none by default",
            f"{PARAMETER}Namespace is missing.",
            "Name a Cloud Map namespace.",
        )
    yield from _without_alias(launch, connect)
    if task is None or any(c.ports.remainder is not None for c in task.containers):
        return
    names = [mapping.name for container in task.containers for mapping in container.ports]
    known = {literal(name) for name in names}
    unclear = task.containers.remainder is not None or any(
        literal(name) is None and not isinstance(is_absent(name), Yes) for name in names
    )
    for item in maps(field(connect, "Services", "Service"), lambda entry: entry):
        name = field(item, "PortName")
        if literal(name) is not None and literal(name) not in known and not unclear:
            yield SettingFault(
                name.span,
                f"'{launch.address}' connects port '{literal(name)}', and no port mapping of task "
                f"definition '{task.address}' has that name",
                f"{PARAMETER}portName({literal(name)}) does not refer to any named PortMapping in "
                "the container definitions.",
                "Name the port mapping so.",
                draft=_named(stack, launch, task, name),
            )


def _without_alias(launch: Launch, connect: Value) -> Iterator[SettingFault]:
    """Each port that is offered takes one alias (API ServiceConnectService)."""
    for item in maps(field(connect, "Services", "Service"), lambda entry: entry):
        aliases = maps(field(item, "ClientAliases", "ClientAlias"), lambda entry: entry)
        if item.remainder is None and not aliases.items and aliases.remainder is None:
            name = field(item, "PortName")
            yield SettingFault(
                item.span,
                f"'{launch.address}' connects port '{shown_value(name)}' without a client alias",
                f"{PARAMETER}clientAliases must have 1 element.",
                "Give it one, with the port at which clients reach it.",
            )


def _named(stack: Stack, launch: Launch, task: TaskDefinition, name: Value) -> Draft | None:
    """The name that a port has; else this one for the only port that is mapped."""
    ports = [mapping for container in task.containers for mapping in container.ports]
    if len(ports) == 1 and isinstance(is_absent(ports[0].name), Yes):
        return settings.beside(ports[0].span, "name", literal(name) or "")
    return settings.meaning(stack, launch, name, [mapping.name for mapping in ports])


def _without_balancer(stack: Stack, launch: Launch) -> Iterator[SettingFault]:
    """A target group of the stack that none of its listeners sends to, nor may: ECS refuses it
    (facts H14). Where a part of the stack is not read, or others may have the listeners (those who
    call the module, or whoever is handed the group), nothing is said."""
    led_to = stack.derived(_led_to)
    if led_to is None:
        return
    has_listeners = any(map(stack.owns, stack.of(Listener)))
    for target in launch.balancers:
        group = stack.find(TargetGroup, target.target_group)
        if group is None or not stack.owns(group) or group.conditional is not None:
            continue
        if group.address not in led_to and (has_listeners or group.handed is None):
            yield SettingFault(
                target.target_group.span,
                f"'{launch.address}' is behind target group '{group.address}', to which no "
                "listener sends",
                f"{PARAMETER}The target group with targetGroupArn ... does not have an associated "
                "load balancer.",
                "Let a listener of the load balancer, or a rule of one, forward to it.",
                whose=Whose.CALLER,
            )


def _led_to(stack: Stack) -> frozenset[str] | None:
    """The target groups to which a listener may send, by their addresses; None where that is not
    known."""
    listeners = stack.of(Listener)
    is_open = any(listener.target_groups.remainder is not None for listener in listeners)
    if stack.unread or stack.reusable or is_open:
        return None
    sent_to = [value for listener in listeners for value in listener.target_groups]
    if any(isinstance(v, Unknown) and not stack.find_all(TargetGroup, v) for v in sent_to):
        return None
    return frozenset(g.address for value in sent_to for g in stack.find_all(TargetGroup, value))


def _volumes(launch: Launch) -> Iterator[SettingFault]:
    listed = field(launch.raw, "VolumeConfigurations", "VolumeConfiguration")
    for item in maps(listed, lambda entry: entry):
        disk = field(item, "ManagedEBSVolume")
        sizes = [field(disk, name) for name in ("SizeInGiB", "SizeInGb", "SnapshotId")]
        written = not isinstance(is_absent(disk), Yes)
        if written and all(isinstance(is_absent(size), Yes) for size in sizes):
            yield SettingFault(
                item.span,
                f"'{launch.address}' configures volume '{shown_value(field(item, 'Name'))}' with "
                "neither a size nor a snapshot",
                f"{PARAMETER}ECS managed EBS volume configuration was invalid.",
                "Give it a size.",
            )


def _targets(stack: Stack, launch: Launch, task: TaskDefinition) -> Iterator[SettingFault]:
    """Target groups of another type than the network mode takes."""
    mode = network_mode(task)
    wanted = {"awsvpc": "ip", "bridge": "instance", "host": "instance"}.get(mode or "")
    for target in launch.balancers if wanted else ():
        group = stack.find(TargetGroup, target.target_group)
        if group is None:
            continue
        kind = "instance" if isinstance(is_absent(group.kind), Yes) else literal(group.kind)
        if kind in ("ip", "instance") and kind != wanted:
            yield SettingFault(
                target.target_group.span,
                f"'{launch.address}' is behind target group '{group.address}', whose targets are "
                f"of type {kind}, and network mode {mode} of task definition '{task.address}' "
                f"takes {wanted}",
                f"{PARAMETER}The provided target group has target type {kind}, which is "
                f"incompatible with the {mode} network mode specified in the task definition.",
                f"Set the target type to {wanted}.",
                draft=_of_type(group, wanted or ""),
            )


def _of_type(group: TargetGroup, wanted: str) -> Draft:
    if isinstance(is_absent(group.kind), Yes):
        return settings.argument(group.span, "target_type", "TargetType", wanted)
    return settings.replacing(group.kind, wanted)
