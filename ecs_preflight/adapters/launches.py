"""What starts tasks: services, task sets, daemons, and tasks that Terraform runs itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model import (
    BalancerTarget,
    Launch,
    Launcher,
    LaunchVolume,
    Listener,
    LoadBalancer,
    Network,
    Resource,
    ServiceRole,
    ServiceRoleUse,
    Several,
    TargetGroup,
)
from ..symbolic.values import ABSENT, Entries, Items, Known, Value, first
from . import identities
from .containers import log_configuration
from .fields import argument, base, block, field, flag, is_null, maps, nothing, scalars
from .units import Declared


def service(declared: Declared) -> Iterator[Resource]:
    """``aws_ecs_service``, ``AWS::ECS::Service``."""
    body = declared.body
    connect = field(body, "ServiceConnectConfiguration")
    balancers = field(body, "LoadBalancers", "LoadBalancer")
    yield Launch(
        **base(declared),
        **(_left_to_task_sets(body) if _has_task_sets(body) else started(body)),
        launcher=Launcher.SERVICE,
        name=field(body, "ServiceName", "Name"),
        exec_enabled=field(body, "EnableExecuteCommand"),
        service_roles=joined(
            service_role(ServiceRole.SERVICE, field(body, "Role", "IamRole")),
            volume_roles(body),
            _each(
                ServiceRole.SERVICE_CONNECT_TLS,
                field(connect, "Services", "Service"),
                "Tls.RoleArn",
                "Tls.KmsKey",
            ),
            _each(ServiceRole.VPC_LATTICE, field(body, "VpcLatticeConfigurations"), "RoleArn"),
            _each(ServiceRole.LOAD_BALANCER, balancers, "AdvancedConfiguration.RoleArn"),
            _each(
                ServiceRole.LIFECYCLE_HOOK,
                field(
                    body,
                    "DeploymentConfiguration.LifecycleHooks",
                    "DeploymentConfiguration.LifecycleHook",
                ),
                "RoleArn",
                target="HookTargetArn",
            ),
        ),
        service_connect_log=log_configuration(field(connect, "LogConfiguration")),
        has_load_balancer=_has_any(balancers),
        has_registry=_has_any(field(body, "ServiceRegistries", "ServiceRegistry")),
        service_connect=field(connect, "Enabled"),
        depends_on=declared.depends_on,
        revised_elsewhere=declared.revised_elsewhere,
    )


def _has_task_sets(body: Value) -> bool:
    controller = field(body, "DeploymentController.Type")
    return isinstance(controller, Known) and controller.value == "EXTERNAL"


def _left_to_task_sets(body: Value) -> dict[str, Any]:
    """Of a service with an external deployment controller: it starts no task itself. Task
    definition, launch type, network and load balancers are its task sets' (facts H20)."""
    return {"raw": body, "cluster": field(body, "Cluster")}


def task_set(declared: Declared) -> Iterator[Resource]:
    """A task set, which has no Exec flag of its own."""
    yield Launch(
        **base(declared),
        **started(declared.body),
        launcher=Launcher.TASK_SET,
        service_roles=_each(
            ServiceRole.LOAD_BALANCER,
            field(declared.body, "LoadBalancers", "LoadBalancer"),
            "AdvancedConfiguration.RoleArn",
        ),
        has_load_balancer=_has_any(field(declared.body, "LoadBalancers", "LoadBalancer")),
        depends_on=declared.depends_on,
        revised_elsewhere=declared.revised_elsewhere,
    )


def daemon(declared: Declared) -> Iterator[Resource]:
    """A daemon: one task on each Managed Instance of its capacity providers."""
    body = declared.body
    yield Launch(
        **base(declared),
        launcher=Launcher.DAEMON,
        task_definition=field(body, "DaemonTaskDefinitionArn", "TaskDefinitionArn"),
        cluster=field(body, "ClusterArn"),
        exec_enabled=field(body, "EnableExecuteCommand"),
        launch_type=Known("MANAGED_INSTANCES", body.span),
        capacity_providers=scalars(field(body, "CapacityProviderArns")),
        propagates_tags=field(body, "PropagateTags"),
        depends_on=declared.depends_on,
    )


def run_task(declared: Declared) -> Iterator[Resource]:
    """Terraform's data source ``aws_ecs_task_execution`` runs a task at each plan or apply."""
    body = declared.body
    yield Launch(
        **base(declared),
        **started(body),
        launcher=Launcher.RUN_TASK,
        exec_enabled=field(body, "EnableExecuteCommand"),
        **overridden(field(body, "Overrides")),
        depends_on=declared.depends_on,
    )


def started(body: Value) -> dict[str, Any]:
    """What a service, a task set, a target's ECS parameters and ecs:RunTask have in common."""
    return {
        "raw": body,
        "task_definition": field(body, "TaskDefinition", "TaskDefinitionArn"),
        "cluster": field(body, "Cluster"),
        "platform_version": field(body, "PlatformVersion"),
        "launch_type": field(body, "LaunchType"),
        "capacity_providers": maps(
            field(body, "CapacityProviderStrategy", "CapacityProviderStrategies"),
            lambda item: field(item, "CapacityProvider"),
        ),
        "network": network(field(body, "NetworkConfiguration")),
        "propagates_tags": field(body, "PropagateTags"),
        "managed_tags": field(body, "EnableEcsManagedTags"),
        "balancers": maps(field(body, "LoadBalancers", "LoadBalancer"), _balancer),
        "volumes": maps(
            field(body, "VolumeConfigurations", "VolumeConfiguration"),
            lambda item: LaunchVolume(field(item, "Name"), item.span),
        ),
    }


def overridden(overrides: Value) -> dict[str, Any]:
    """What a launch sets in place of the task definition's own: the roles, and containers'
    settings."""
    listed = maps(field(overrides, "ContainerOverrides"), lambda item: field(item, "Name"))
    return {
        "task_role_override": field(overrides, "TaskRoleArn"),
        "execution_role_override": field(overrides, "ExecutionRoleArn"),
        "overridden": listed,
    }


def _balancer(item: Entries) -> BalancerTarget:
    return BalancerTarget(
        field(item, "ContainerName"),
        field(item, "ContainerPort"),
        item.span,
        field(item, "TargetGroupArn"),
        field(item, "LoadBalancerName", "ElbName"),
    )


def target_group(declared: Declared) -> Iterator[Resource]:
    """Where a load balancer sends requests: by instance, address or function."""
    yield TargetGroup(
        **base(declared),
        arn=identities.TARGET_GROUP.arn_of(declared),
        kind=field(declared.body, "TargetType"),
        protocol=field(declared.body, "Protocol"),
        health_port=field(declared.body, "HealthCheckPort", "HealthCheck.Port"),
        interval=field(declared.body, "HealthCheckIntervalSeconds", "HealthCheck.Interval"),
        timeout=field(declared.body, "HealthCheckTimeoutSeconds", "HealthCheck.Timeout"),
    )


def listener(declared: Declared) -> Iterator[Resource]:
    """A listener, or a rule of one, whose actions forward to target groups."""
    found: list[Value] = []
    remainder = declared.conditional
    actions = maps(
        field(declared.body, "DefaultActions", "DefaultAction", "Actions", "Action"),
        lambda action: action,
    )
    for action in actions:
        groups = maps(
            field(action, "ForwardConfig.TargetGroups", "Forward.TargetGroup"),
            lambda group: field(group, "TargetGroupArn", "Arn"),
        )
        remainder = first(remainder, groups.remainder)
        found += (field(action, "TargetGroupArn"), *groups)
    yield Listener(
        **base(declared),
        target_groups=Several(
            tuple(value for value in found if not is_null(value)),
            first(remainder, actions.remainder),
        ),
        balancer=field(declared.body, "LoadBalancerArn"),
    )


def load_balancer(declared: Declared) -> Iterator[Resource]:
    """A load balancer of either type."""
    yield LoadBalancer(
        **base(declared),
        kind=field(declared.body, "LoadBalancerType", "Type"),
        security_groups=field(declared.body, "SecurityGroups"),
    )


def has_tags(value: Value) -> Value:
    """Is there a tag in a list, a map or a map of maps of them?"""
    if isinstance(value, (Items, Entries)):
        written = value.items if isinstance(value, Items) else value.entries
        return Known(True, value.span) if written else nothing(value.remainder, value.span)
    return value


def network(value: Value) -> Network:
    """``network_configuration``; CloudFormation, Pipes and the API wrap it in an awsvpc part."""

    def paths(name: str) -> tuple[str, str]:
        return f"AwsvpcConfiguration.{name}", name

    written = block(value)
    return Network(
        argument(value, *paths("Subnets")),
        argument(value, *paths("SecurityGroups")),
        flag(field(value, *paths("AssignPublicIp"))),
        value.span,
        Known(True, value.span) if isinstance(written, Entries) else written,
    )


def service_role(kind: ServiceRole, role: Value) -> Several[ServiceRoleUse]:
    """The use of one role in a field of its own, if a role stands there."""
    return Several() if is_null(role) else Several((ServiceRoleUse(kind, role, role.span),))


def _each(
    kind: ServiceRole, listed: Value, role: str, key: str = "", target: str = ""
) -> Several[ServiceRoleUse]:
    """The roles in a list of blocks, as far as the blocks name one."""

    def use(item: Entries) -> ServiceRoleUse:
        named = field(item, role)
        return ServiceRoleUse(
            kind,
            named,
            named.span,
            field(item, key) if key else ABSENT,
            field(item, target) if target else ABSENT,
        )

    uses = maps(listed, use)
    return Several(tuple(u for u in uses if not is_null(u.role)), uses.remainder)


def volume_roles(body: Value) -> Several[ServiceRoleUse]:
    """The infrastructure roles of the EBS volumes that a service or ecs:RunTask configures."""
    return _each(
        ServiceRole.EBS_VOLUME,
        field(body, "VolumeConfigurations", "VolumeConfiguration"),
        "ManagedEBSVolume.RoleArn",
        "ManagedEBSVolume.KmsKeyId",
    )


def joined(*several: Several[ServiceRoleUse]) -> Several[ServiceRoleUse]:
    """All uses of the several lists; open where one of them is."""
    remainder = next((s.remainder for s in several if s.remainder is not None), None)
    return Several(tuple(use for s in several for use in s), remainder)


def _has_any(listed: Value) -> Value:
    blocks = maps(listed, lambda item: item)
    if blocks.items:
        return Known(True, listed.span)
    return Known(False, listed.span) if blocks.remainder is None else blocks.remainder
