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
    An EC2 task without an execution role writes with the instance's role (ECS825). Where the task
    has one and may run on EC2 the finding is a warning, since the agent's configuration may say
    otherwise.

References
    using_awslogs, task_execution_IAM_role, resource-initialization-error
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.agents import agent_uses_execution_role
from ..ecs.log_sources import LogSource, awslogs_sources
from ..ecs.unknown_parts import unknown_logs
from ..findings.finding import AnyOutcome, Phase, Severity
from ..findings.needs import Need, PartialMiss, demands
from ..findings.rule import Rule
from ..model import LogGroup, Principal, Stack
from ..symbolic import arns
from ..symbolic.answers import Yes, is_absent
from ..symbolic.terms import Name, Operation
from ..symbolic.values import Unknown, Value, join, shown_value
from ._needs import check_agent_needs, check_possible

LOG = ("logs:CreateLogStream", "logs:PutLogEvents")
FAILS_WITH = (
    "ResourceInitializationError: failed to validate logger args: create stream has been "
    "retried 1 times: failed to create Cloudwatch log stream: AccessDeniedException"
)


def needs(stack: Stack) -> Iterator[Need]:
    seen = set()
    for source in awslogs_sources(stack):
        known = source.owner.address, shown_value(source.group)
        if known not in seen and not isinstance(is_absent(source.group), Yes):
            seen.add(known)
            yield _need(stack, source)


def _need(stack: Stack, source: LogSource) -> Need:
    group = source.group
    risk = source.is_proxy or agent_uses_execution_role(stack, source.task) is not None
    return Need(
        owner=source.owner,
        task=source.task,
        principal=Principal.EXECUTION,
        role=source.task.execution_role,
        demands=demands(LOG, stream_of(stack, source)),
        because=group.span,
        origin=group,
        subject=group,
        phase=Phase.START,
        purpose=f"write the logs of {source.title}",
        fails_with=FAILS_WITH,
        severity=Severity.WARNING if risk else Severity.ERROR,
        # The task starts, and its logs are lost.
        partial=PartialMiss(frozenset({"logs:PutLogEvents"}), Severity.WARNING),
    )


def stream_of(stack: Stack, source: LogSource) -> Value:
    """The ARN of the stream that the agent writes to."""
    found = stack.find(LogGroup, source.group)
    stream = Unknown("the agent names the stream", Operation("log-stream", (Name(source.title),)))
    return (
        join(found.arn, ":log-stream:", stream)
        if found
        else arns.log_stream(source.place(stack), source.group, stream)
    )


def check(rule: Rule, stack: Stack) -> Iterator[AnyOutcome | None]:
    yield from check_possible(rule, stack, unknown_logs(stack), LOG)
    yield from check_agent_needs(rule, stack)


RULE = Rule(
    "ECS603",
    "container-logs-not-writable",
    (Severity.ERROR, Severity.WARNING),
    __doc__,
    check,
    needs,
)
