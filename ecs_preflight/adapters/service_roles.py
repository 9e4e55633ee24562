"""Who else works under roles: CodeDeploy for ECS services, and what stands outside ECS."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..model import (
    DeploymentGroup,
    PipelineDeployment,
    RoleHolder,
    RoleUser,
    ServiceRole,
    ServiceRoleUse,
    Several,
)
from ..symbolic.values import Entries, Value, literal
from .documents import json_value
from .fields import base, field, is_null, maps
from .launches import service_role
from .patches import Fact
from .units import Declared


def deployment_group(declared: Declared) -> Iterator[Fact]:
    """A CodeDeploy deployment group; only that of an ECS service is a helper of ECS."""
    body = declared.body
    services = maps(field(body, "EcsService", "ECSServices"), lambda item: item)
    role = field(body, "ServiceRoleArn")
    if services.items:
        yield DeploymentGroup(
            **base(declared),
            service_roles=service_role(ServiceRole.CODE_DEPLOY, role),
            services=maps(
                field(body, "EcsService", "ECSServices"), lambda item: field(item, "ServiceName")
            ),
            name=field(body, "DeploymentGroupName"),
            application=field(body, "AppName", "ApplicationName"),
        )


def role_holder(kind: ServiceRole, *role: str) -> Callable[[Declared], Iterator[Fact]]:
    """A reader of what works for ECS under the role that stands in ``role``."""

    def read(declared: Declared) -> Iterator[Fact]:
        named = field(declared.body, *role)
        yield RoleHolder(**base(declared), service_roles=service_role(kind, named))

    return read


def role_user(service: str, *role: str) -> Callable[[Declared], Iterator[Fact]]:
    """A reader of what ``service`` runs under the role that stands in ``role``."""

    def read(declared: Declared) -> Iterator[Fact]:
        named = field(declared.body, *role)
        if not is_null(named):
            yield RoleUser(**base(declared), role=named, service=service)

    return read


def function(declared: Declared) -> Iterator[Fact]:
    """A Lambda function, whose code may stand in the template (``ZipFile``, SAM's
    ``InlineCode``)."""
    role = field(declared.body, "Role")
    code = field(declared.body, "Code.ZipFile", "InlineCode")
    if not is_null(role):
        yield RoleUser(**base(declared), role=role, service="lambda.amazonaws.com", code=code)


#: ECS's own service-linked role scales, whatever role stands here.
scalable_target = role_user("application-autoscaling.amazonaws.com", "RoleArn")


def batch_job(declared: Declared) -> Iterator[Fact]:
    """A Batch job definition: its containers run on ECS under roles of the same kind."""
    properties = json_value(field(declared.body, "ContainerProperties"))
    for name in ("JobRoleArn", "ExecutionRoleArn"):
        role = field(properties, name)
        if not is_null(role):
            yield RoleUser(**base(declared), role=role, service="ecs-tasks.amazonaws.com")


def pipeline(declared: Declared) -> Iterator[Fact]:
    """A CodePipeline: its own role, and those of its actions (an ECS deploy action among them)."""
    own = field(declared.body, "RoleArn")
    actions = tuple(_actions(field(declared.body, "Stages", "Stage")))
    for role in (own, *(field(action, "RoleArn") for action in actions)):
        if not is_null(role):
            yield RoleUser(**base(declared), role=role, service="codepipeline.amazonaws.com")
    services: dict[ServiceRoleUse, list[Value]] = {}
    for action in actions:
        if literal(_provider(action)) == "CodeDeploy":
            configuration = field(action, "Configuration")
            yield PipelineDeployment(
                **base(declared),
                provider=_provider(action),
                application=field(configuration, "ApplicationName"),
                group=field(configuration, "DeploymentGroupName"),
            )
        if literal(_provider(action)) == "ECS":
            role = field(action, "RoleArn")
            kind = ServiceRole.PIPELINE if is_null(role) else ServiceRole.PIPELINE_ACTION
            for use in service_role(kind, own if is_null(role) else role):
                deployed = field(field(action, "Configuration"), "ServiceName")
                services.setdefault(use, []).append(deployed)
    for use, named in services.items():
        yield DeploymentGroup(
            **base(declared), service_roles=Several((use,)), services=Several(tuple(named))
        )


def _actions(stages: Value) -> Iterator[Entries]:
    for stage in maps(stages, lambda item: item):
        yield from maps(field(stage, "Actions", "Action"), lambda action: action)


def _provider(action: Entries) -> Value:
    """``ECS`` is the standard deploy action for ECS. (``CodeDeployToECS`` is that for blue/green,
    which leaves the work to CodeDeploy.)"""
    kind = field(action, "ActionTypeId")
    return field(action, "Provider") if is_null(kind) else field(kind, "Provider")
