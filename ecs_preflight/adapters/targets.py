"""EventBridge rules and schedules, and Pipes, as far as they run ECS tasks."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Launch, Launcher, Resource, ServiceRole
from ..symbolic.source import Span
from ..symbolic.values import ABSENT, Entries, Known, Value, literal
from .documents import json_value
from .fields import base, block, field, is_null, maps
from .launches import has_tags, joined, overridden, service_role, started, volume_roles
from .state_machines import RUN_TASK_BY_SDK
from .units import Declared


def event_target(declared: Declared) -> Iterator[Resource]:
    """Terraform's ``aws_cloudwatch_event_target``."""
    body = declared.body
    yield from _target(declared, body, field(body, "EcsTarget"), declared.span, field(body, "Rule"))


def event_rule(declared: Declared) -> Iterator[Resource]:
    """``AWS::Events::Rule`` with its targets."""
    for target in maps(field(declared.body, "Targets"), lambda entry: entry):
        parameters, rule = field(target, "EcsParameters"), field(declared.body, "Name")
        yield from _target(declared, target, parameters, target.span, rule)


def _target(
    declared: Declared, target: Value, parameters: Value, span: Span, rule: Value
) -> Iterator[Resource]:
    if isinstance(block(parameters), Entries):
        bus = field(declared.body, "EventBusName")
        on_default = is_null(bus) or literal(bus) == "default"
        yield _launch(
            declared,
            Launcher.EVENT_RULE,
            ServiceRole.EVENT_RULE,
            parameters,
            span,
            cluster=field(target, "Arn"),
            role=field(target, "RoleArn"),
            overrides=json_value(field(target, "Input")),
            source=rule if on_default else ABSENT,
        )


def schedule(declared: Declared) -> Iterator[Resource]:
    """A schedule of EventBridge Scheduler."""
    target = field(declared.body, "Target")
    parameters = field(target, "EcsParameters")
    if (literal(field(target, "Arn")) or "").endswith(f":{RUN_TASK_BY_SDK}"):
        yield _universal(declared, target, json_value(field(target, "Input")))
    elif isinstance(block(parameters), Entries):
        yield _launch(
            declared,
            Launcher.SCHEDULE,
            ServiceRole.SCHEDULE,
            parameters,
            declared.span,
            cluster=field(target, "Arn"),
            role=field(target, "RoleArn"),
            overrides=json_value(field(target, "Input")),
            source=_group(declared),
        )


def _group(declared: Declared) -> Value:
    """A schedule that names no group is in the group ``default``."""
    named = field(declared.body, "GroupName")
    return Known("default", declared.span) if is_null(named) else named


def _universal(declared: Declared, target: Value, call: Value) -> Launch:
    """A universal target that calls ecs:RunTask: its input is the call."""
    role = field(target, "RoleArn")
    return Launch(
        **base(declared),
        **started(call),
        launcher=Launcher.SCHEDULE,
        exec_enabled=field(call, "EnableExecuteCommand"),
        sets_tags=has_tags(field(call, "Tags")),
        launcher_role=role,
        source=_group(declared),
        **overridden(field(call, "Overrides")),
        service_roles=joined(service_role(ServiceRole.SCHEDULE, role), volume_roles(call)),
    )


def pipe(declared: Declared) -> Iterator[Resource]:
    """An EventBridge pipe."""
    body = declared.body
    parameters = field(body, "TargetParameters.EcsTaskParameters")
    if isinstance(block(parameters), Entries):
        yield _launch(
            declared,
            Launcher.PIPE,
            ServiceRole.PIPE,
            parameters,
            declared.span,
            cluster=field(body, "Target"),
            role=field(body, "RoleArn"),
            overrides=field(parameters, "Overrides"),
            source=field(body, "Name"),
        )


def _launch(
    declared: Declared,
    launcher: Launcher,
    kind: ServiceRole,
    parameters: Value,
    span: Span,
    *,
    cluster: Value,
    role: Value,
    overrides: Value,
    source: Value,
) -> Launch:
    # A target's input may hold anything; only a map of overrides says something of the roles.
    given = block(overrides)
    replaced = given if isinstance(given, Entries) or given is overrides else Entries(())
    return Launch(
        **{**base(declared), "span": span},
        **{**started(parameters), "cluster": cluster},
        launcher=launcher,
        exec_enabled=field(parameters, "EnableExecuteCommand"),
        sets_tags=has_tags(field(parameters, "TagList", "Tags")),
        launcher_role=role,
        source=source,
        **overridden(replaced),
        service_roles=service_role(kind, role),
    )
