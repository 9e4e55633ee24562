"""The execution role may not write the container's logs to CloudWatch Logs.

What it finds
    A container uses the ``awslogs`` driver, and the execution role is not allowed
    ``logs:CreateLogStream`` (error) or only ``logs:PutLogEvents`` (warning) on the group's streams.

Why it matters
    The log driver runs in the agent, with the execution role: permissions on the task role do nothing
    for it. Without a stream the task does not start.

Fix
    Allow both actions on ``log-group:NAME:*``. The ARN of the group alone, as Terraform's
    ``aws_cloudwatch_log_group.x.arn`` gives it, does not cover its streams.

When it stays silent
    An EC2 task without an execution role writes with the instance's role. On EC2 with an execution
    role the finding is a warning, since the agent's configuration may say otherwise.

References
    using_awslogs, task_execution_IAM_role, resource-initialization-error
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from .. import arns
from ..finding import AnyOutcome, Finding, Phase, Rule, Severity
from ..model import Container, Place, Principal, Stack, TaskDefinition, runs_on_fargate
from ..needs import Need, demands, outcome
from ..values import No, Unknown, Value, Yes, is_absent, literal, shown_value

FAILS_WITH = ("ResourceInitializationError: failed to validate logger args: create stream has been "
              "retried 1 times: failed to create Cloudwatch log stream: AccessDeniedException")


def awslogs(stack: Stack) -> Iterator[tuple[TaskDefinition, Container, Value, Place]]:
    """Every container with the awslogs driver: its log group, and the place of its Region."""
    for task in stack.task_definitions:
        for container in task.containers:
            if literal(container.log.driver) == "awslogs":
                region = container.log.option("awslogs-region")
                place = stack.place if isinstance(is_absent(region), Yes) else replace(
                    stack.place, region=region)
                yield task, container, container.log.option("awslogs-group"), place


def needs(stack: Stack) -> Iterator[Need]:
    seen = set()
    for task, container, group, place in awslogs(stack):
        if isinstance(is_absent(group), Yes) or (task.address, shown_value(group)) in seen:
            continue
        seen.add((task.address, shown_value(group)))
        name = shown_value(container.name)
        stream = Unknown("the agent names the stream", f"log-stream({name})")
        yield Need(
            owner=task, task=task, principal=Principal.EXECUTION, role=task.execution_role,
            demands=demands(["logs:CreateLogStream", "logs:PutLogEvents"],
                            arns.log_stream(place, group, stream)),
            because=group.span, subject=shown_value(group), phase=Phase.START,
            purpose=f"write the logs of container '{name}'", fails_with=FAILS_WITH)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for need in needs(stack):
        result = outcome(rule, stack, need)
        if isinstance(result, Finding) and need.task and result.need and (
                isinstance(runs_on_fargate(stack, need.task), No)
                or "logs:CreateLogStream" not in result.need.actions):
            result = replace(result, severity=Severity.WARNING)
        yield result


RULE = Rule("ECS603", "container-logs-not-writable", (Severity.ERROR, Severity.WARNING), __doc__,
            check, needs)
