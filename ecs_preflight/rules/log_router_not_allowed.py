"""The task role may not write where the log router sends the logs.

What it finds
    A container logs with ``awsfirelens`` to Firehose, Kinesis, CloudWatch Logs, S3, OpenSearch or
    Prometheus, and the task role lacks a permission that the output calls for: beside the writing
    itself ``logs:CreateLogGroup`` with ``auto_create_group`` and then ``logs:PutRetentionPolicy``
    with ``log_retention_days``, ``logs:DescribeLogStreams`` for the older ``cloudwatch`` plugin,
    ``aoss:APIAccessAll`` for OpenSearch Serverless.

Why it matters
    The router is a container like any other: it writes with the task role. The task runs, and its
    logs are lost.

Fix
    Allow the destination's action in a policy of the task role.

When it stays silent
    Other outputs (http, datadog, splunk ...); an output with a role or an endpoint of its own, or
    without a literal name; an output configured in a file; no task role on EC2.

References
    using_firelens, firelens-taskdef, fluent-bit output plugins, aws-for-fluent-bit
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.log_routers import output_of, router_demands, unclear
from ..ecs.unknown_parts import unknown_outputs
from ..findings.finding import AnyOutcome, Phase, Severity
from ..findings.needs import Need
from ..findings.rule import Rule
from ..model import Principal, Stack
from ..symbolic.values import Entries, join, literal, shown_value
from ._needs import check_needs


def needs(stack: Stack) -> Iterator[Need]:
    for task in stack.task_definitions:
        for container in task.containers:
            options = container.log.options
            if literal(container.log.driver) != "awsfirelens" or not isinstance(options, Entries):
                continue
            for demand in router_demands(stack, container, options):
                yield Need(
                    owner=task,
                    task=task,
                    principal=Principal.TASK,
                    role=task.task_role,
                    demands=(demand,),
                    because=output_of(options).span,
                    purpose=f"deliver the logs of container '{shown_value(container.name)}'",
                    subject=join(container.name, f" {demand.action}"),
                    phase=Phase.RUN,
                    doubt=unclear(options),
                )


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    yield from rule.open(part[:3] for part in unknown_outputs(stack))
    yield from check_needs(rule, stack)


RULE = Rule("ECS806", "log-router-not-allowed", (Severity.WARNING,), __doc__, check, needs)
