"""The task role may not write the logs of ECS Exec sessions.

What it finds
    The cluster logs Exec sessions to a log group or bucket of its own (logging OVERRIDE), a service
    in it has Exec on, and the task role lacks what that takes. A warning; an error where the
    configuration demands an encrypted destination and the role may not look whether it is
    encrypted.

Why it matters
    The session agent in the container writes the log, with the task role. Without the permission to
    check encryption the session does not start; without the others the audit log stays empty.

Fix
    For a log group allow ``logs:DescribeLogGroups`` on ``*``, and ``logs:CreateLogStream``,
    ``logs:DescribeLogStreams`` and ``logs:PutLogEvents`` on its streams; for a bucket
    ``s3:PutObject`` on its objects, ``s3:GetBucketLocation``, and with encryption
    ``s3:GetEncryptionConfiguration``.

When it stays silent
    Logging is DEFAULT or NONE. No task role is named. The cluster is not part of the stack.

References
    ecs-exec
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.execs import ExecUse, exec_uses
from ..findings.finding import Phase, Severity
from ..findings.needs import Demand, Need, PartialMiss, demands
from ..findings.rule import Rule
from ..model import Bucket, ExecConfiguration, LogGroup, Principal, Stack
from ..symbolic import arns
from ..symbolic.answers import No, Yes, is_absent, truth
from ..symbolic.terms import Name, Operation
from ..symbolic.titles import shown_title
from ..symbolic.values import Known, Unknown, Value, join, literal
from ._needs import check_needs

LOOKS = {"logs:DescribeLogGroups", "s3:GetEncryptionConfiguration"}
FAILS_WITH = (
    "We couldn't start the session because encryption is not set up on the selected {}. Either "
    "encrypt the {} or choose an option to enable logging without encryption."
)
#: What the Exec agent calls the destinations in it (amazon-ssm-agent).
DESTINATIONS = {"log group": "CloudWatch Logs log group", "bucket": "Amazon S3 bucket"}


def needs(stack: Stack) -> Iterator[Need]:
    for use in exec_uses(stack):
        cluster = stack.cluster_of(use.launch)
        config = cluster.exec if cluster else None
        if config is None or literal(config.logging) != "OVERRIDE":
            continue
        if isinstance(is_absent(config.log_group), No):
            group = stack.find(LogGroup, config.log_group)
            yield _need(
                use,
                config.log_group,
                _log_group(stack, config.log_group, group),
                group,
                "log group",
                config.log_group_encrypted,
            )
        if isinstance(is_absent(config.bucket), No):
            bucket = stack.find(Bucket, config.bucket)
            yield _need(
                use,
                config.bucket,
                _bucket(stack, config, bucket),
                bucket,
                "bucket",
                config.bucket_encrypted,
            )


def _log_group(stack: Stack, group: Value, found: LogGroup | None) -> tuple[Demand, ...]:
    name = found.name if found else group
    stream = Unknown("the session names the stream", Operation("log-stream", (Name("exec"),)))
    return (
        Demand("logs:DescribeLogGroups", Known("*")),
        *demands(
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            arns.log_stream(stack.target, name, stream),
        ),
    )


def _bucket(stack: Stack, config: ExecConfiguration, found: Bucket | None) -> tuple[Demand, ...]:
    bucket = found.arn if found else arns.bucket(stack.target, config.bucket)
    folder = () if isinstance(is_absent(config.key_prefix), Yes) else (config.key_prefix, "/")
    entry = join(
        bucket,
        "/",
        *folder,
        Unknown("the session names the object", Operation("object", (Name("exec"),))),
    )
    encrypted = isinstance(truth(config.bucket_encrypted), Yes)
    return (
        *demands(["s3:GetEncryptionConfiguration"] if encrypted else [], bucket),
        Demand("s3:GetBucketLocation", bucket),
        Demand("s3:PutObject", entry),
    )


def _need(
    use: ExecUse,
    destination: Value,
    wanted: tuple[Demand, ...],
    found: LogGroup | Bucket | None,
    kind: str,
    encrypted: Value,
) -> Need:
    name = found.address if found else shown_title(destination)
    # Without its look at an encrypted destination the session does not start; what is missing
    # otherwise costs its log.
    refused = isinstance(truth(encrypted), Yes)
    others = frozenset(demand.action for demand in wanted) - LOOKS
    return Need(
        owner=use.launch,
        task=use.task,
        principal=Principal.TASK,
        role=use.task_role,
        demands=wanted,
        because=destination.span,
        origin=destination,
        phase=Phase.EXEC,
        subject=kind,
        purpose=f"log Exec sessions to {kind} '{name}'",
        doubt=use.doubt,
        severity=Severity.ERROR if refused else Severity.WARNING,
        fails_with=FAILS_WITH.format(DESTINATIONS[kind], kind) if refused else "",
        partial=PartialMiss(others, Severity.WARNING) if refused else None,
    )


RULE = Rule(
    "ECS706",
    "exec-session-log-denied",
    (Severity.ERROR, Severity.WARNING),
    __doc__,
    check_needs,
    needs,
)
