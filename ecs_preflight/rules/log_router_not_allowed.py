"""The task role may not write where the log router sends the logs.

What it finds
    A container logs with ``awsfirelens`` to Firehose, Kinesis, CloudWatch Logs, S3 or OpenSearch,
    and the task role lacks the permission for that destination.

Why it matters
    The router is a container like any other: it writes with the task role. The task runs, and its
    logs are lost.

Fix
    Allow the destination's action in a policy of the task role.

When it stays silent
    Other outputs (http, datadog, splunk ...); an output with a role of its own or without a literal
    name; an output configured in a file; no task role on EC2.

References
    using_firelens, firelens-taskdef
"""

from __future__ import annotations

from collections.abc import Iterator

from ..findings.finding import Phase, Severity
from ..findings.needs import Need, demands
from ..findings.rule import Rule
from ..model import Container, Principal, Stack
from ..symbolic import arns
from ..symbolic.answers import Yes, is_absent, truth
from ..symbolic.values import ABSENT, Entries, Known, Unknown, Value, join, literal, shown_value
from ._needs import check_needs

#: The output plugin's names: the action, and the option that names the destination (facts B6, B7).
STREAMS = {
    "firehose": ("firehose:PutRecordBatch", "delivery_stream", "firehose", "deliverystream/"),
    "kinesis_firehose": (
        "firehose:PutRecordBatch",
        "delivery_stream",
        "firehose",
        "deliverystream/",
    ),
    "kinesis": ("kinesis:PutRecords", "stream", "kinesis", "stream/"),
    "kinesis_streams": ("kinesis:PutRecords", "stream", "kinesis", "stream/"),
}
GROUPS = ("cloudwatch", "cloudwatch_logs")


def needs(stack: Stack) -> Iterator[Need]:
    for task in stack.task_definitions:
        for container in task.containers:
            options = container.log.options
            if literal(container.log.driver) != "awsfirelens" or not isinstance(options, Entries):
                continue
            if not isinstance(is_absent(options.get_folded("role_arn")), Yes):
                continue
            for action, resource in _demanded(stack, container, options):
                yield Need(
                    owner=task,
                    task=task,
                    principal=Principal.TASK,
                    role=task.task_role,
                    demands=demands([action], resource),
                    because=options.get_folded("Name").span,
                    purpose=f"deliver the logs of container '{shown_value(container.name)}'",
                    subject=f"{shown_value(container.name)} {action}",
                    phase=Phase.RUN,
                )


def _demanded(stack: Stack, container: Container, options: Entries) -> Iterator[tuple[str, Value]]:
    output = literal(options.get_folded("Name")) or ""
    if output in STREAMS:
        action, option, service, prefix = STREAMS[output]
        yield action, arns.arn(stack.target, service, join(prefix, options.get_folded(option)))
    elif output in GROUPS and options.get_folded("log_group_name") != ABSENT:
        group = options.get_folded("log_group_name")
        stream = Unknown(
            "the router names the stream", f"log-stream({shown_value(container.name)})"
        )
        yield "logs:PutLogEvents", arns.log_stream(stack.target, group, stream)
        yield "logs:CreateLogStream", arns.log_stream(stack.target, group, stream)
        if isinstance(truth(options.get_folded("auto_create_group")), Yes):
            yield "logs:CreateLogGroup", arns.log_group(stack.target, group)
    elif output == "s3":
        bucket = arns.bucket(stack.target, options.get_folded("bucket"))
        yield (
            "s3:PutObject",
            join(bucket, "/", Unknown("the router names the object", "object(log)")),
        )
    elif output in ("es", "opensearch") and literal(options.get_folded("AWS_Auth")) in (
        "On",
        "on",
        "true",
    ):
        yield "es:ESHttpPost", Known("*")


RULE = Rule("ECS806", "log-router-not-allowed", (Severity.WARNING,), __doc__, check_needs, needs)
