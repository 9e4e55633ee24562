"""The execution role may not read an environment file of the task.

What it finds
    A container takes ``environmentFiles`` from S3, and the execution role is not allowed
    ``s3:GetObject`` on the object (error) or only ``s3:GetBucketLocation`` on the bucket (warning:
    AWS documents it as needed, its open agent does not call it).

Why it matters
    The agent downloads the file before the container starts.

Fix
    Allow ``s3:GetObject`` on the object and ``s3:GetBucketLocation`` on the bucket.

When it stays silent
    The bucket's policy grants the role; the object or the role is not fully known. What can be no
    file's ARN is another rule's (ECS816).

References
    use-environment-file, task_execution_IAM_role
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.arn_forms import file_fault
from ..ecs.objects import bucket_of
from ..ecs.unknown_parts import unknown_environment_files
from ..findings.finding import AnyOutcome, Phase, Severity
from ..findings.needs import Demand, Need, PartialMiss
from ..findings.rule import Rule
from ..model import Principal, Stack
from ..symbolic.values import shown_value
from ._needs import check_needs, check_possible

FAILS_WITH = (
    "ResourceInitializationError: failed to download env files: file download command: "
    "non-empty error stream: failed to download file: AccessDenied: Access Denied"
)


def needs(stack: Stack) -> Iterator[Need]:
    for task in stack.task_definitions:
        for container in task.containers:
            for file in container.environment_files:
                if file_fault(file) is not None:
                    continue
                yield Need(
                    owner=task,
                    task=task,
                    principal=Principal.EXECUTION,
                    role=task.execution_role,
                    demands=(
                        Demand("s3:GetBucketLocation", bucket_of(file)),
                        Demand("s3:GetObject", file),
                    ),
                    because=file.span,
                    origin=file,
                    subject=file,
                    phase=Phase.START,
                    purpose="read an environment file of container "
                    f"'{shown_value(container.name)}'",
                    fails_with=FAILS_WITH,
                    partial=PartialMiss(frozenset({"s3:GetBucketLocation"}), Severity.WARNING),
                )


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    yield from check_possible(
        rule, stack, unknown_environment_files(stack), ["s3:GetObject", "s3:GetBucketLocation"]
    )
    yield from check_needs(rule, stack)


RULE = Rule(
    "ECS609",
    "environment-file-not-readable",
    (Severity.ERROR, Severity.WARNING),
    __doc__,
    check,
    needs,
)
