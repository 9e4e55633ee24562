"""The execution role may not write the container's logs to CloudWatch Logs.

What it finds
    A container uses the ``awslogs`` driver, and the execution role is not allowed
    ``logs:CreateLogStream`` (error) or only ``logs:PutLogEvents`` (warning) on the group's streams.
    The same for a service's Service Connect proxy (warning).

Why it matters
    The log driver runs in the agent, with the execution role: permissions on the task role do
    nothing for it. Without a stream the task does not start.

Fix
    Allow both actions on ``log-group:NAME:*``. The ARN of the group alone, as Terraform's
    ``aws_cloudwatch_log_group.x.arn`` gives it, does not cover its streams.

When it stays silent
    An EC2 task without an execution role writes with the instance's role. Where the task has one
    and may run on EC2 the finding is a warning, since the agent's configuration may say otherwise.

References
    using_awslogs, task_execution_IAM_role, resource-initialization-error
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..ecs.agents import agent_uses_execution_role
from ..findings.finding import Phase, Severity
from ..findings.needs import Need, PartialMiss, demands
from ..findings.rule import Rule
from ..model import (
    Container,
    LogConfiguration,
    LogGroup,
    Principal,
    Resource,
    Stack,
    Target,
    TaskDefinition,
)
from ..symbolic import arns
from ..symbolic.answers import Yes, is_absent
from ..symbolic.values import Unknown, Value, join, literal, shown_value
from ._needs import check_needs

FAILS_WITH = (
    "ResourceInitializationError: failed to validate logger args: create stream has been "
    "retried 1 times: failed to create Cloudwatch log stream: AccessDeniedException"
)


def awslogs(stack: Stack) -> Iterator[tuple[TaskDefinition, Container, Value, Target]]:
    """Every container with the awslogs driver: its log group, and the place of its Region."""
    for task in stack.task_definitions:
        for container in task.containers:
            if literal(container.log.driver) == "awslogs":
                yield (
                    task,
                    container,
                    container.log.option("awslogs-group"),
                    place_of(stack, container.log),
                )


def place_of(stack: Stack, log: LogConfiguration) -> Target:
    """The stack's place, in the Region that the log configuration names."""
    region = log.option("awslogs-region")
    return (
        stack.target if isinstance(is_absent(region), Yes) else replace(stack.target, region=region)
    )


def needs(stack: Stack) -> Iterator[Need]:
    seen = set()
    for task, container, group, target in awslogs(stack):
        if (task.address, shown_value(group)) not in seen:
            seen.add((task.address, shown_value(group)))
            yield from _needs(
                stack, task, task, group, target, f"container '{shown_value(container.name)}'"
            )
    for launch in stack.launches:
        log, launched = launch.service_connect_log, stack.task_of(launch)
        if launched is not None and literal(log.driver) == "awslogs":
            yield from _needs(
                stack,
                launch,
                launched,
                log.option("awslogs-group"),
                place_of(stack, log),
                f"the Service Connect proxy of '{launch.address}'",
            )


def _needs(
    stack: Stack, owner: Resource, task: TaskDefinition, group: Value, target: Target, whose: str
) -> Iterator[Need]:
    if isinstance(is_absent(group), Yes):
        return
    found = stack.find(LogGroup, group)
    stream = Unknown("the agent names the stream", f"log-stream({whose})")
    risk = owner is not task or agent_uses_execution_role(stack, task) is not None
    severity = Severity.WARNING if risk else Severity.ERROR
    arn = (
        join(found.arn, ":log-stream:", stream) if found else arns.log_stream(target, group, stream)
    )
    yield Need(
        owner=owner,
        task=task,
        principal=Principal.EXECUTION,
        role=task.execution_role,
        demands=demands(["logs:CreateLogStream", "logs:PutLogEvents"], arn),
        because=group.span,
        subject=shown_value(group),
        phase=Phase.START,
        purpose=f"write the logs of {whose}",
        fails_with=FAILS_WITH,
        severity=severity,
        # The task starts, and its logs are lost.
        partial=PartialMiss(frozenset({"logs:PutLogEvents"}), Severity.WARNING),
    )


RULE = Rule(
    "ECS603",
    "container-logs-not-writable",
    (Severity.ERROR, Severity.WARNING),
    __doc__,
    check_needs,
    needs,
)
