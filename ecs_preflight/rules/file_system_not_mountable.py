"""The task role may not mount a file system of the task.

What it finds
    An EFS volume with IAM authorization: in a task without a task role, or whose task role lacks
    ``elasticfilesystem:ClientMount`` (and ``ClientWrite`` unless every mount is read-only) while a
    file system policy of the stack does not allow it either. An EFS volume without IAM
    authorization whose file system policy does not let a client without an identity mount it, or
    demands transit encryption that the volume leaves off. An S3 Files volume whose task role is
    missing or lacks ``s3files:ClientMount``.

Why it matters
    The mount is made with the task role, before the container starts. Without ``ClientWrite`` it
    succeeds, and whatever the container writes is refused.

Fix
    Allow the actions on the file system in a policy of the task role, and turn IAM authorization
    on; or let every client in by the file system's policy.

When it stays silent
    EFS without a file system policy: by default it lets every client in, which ends as soon as a
    policy is set. No task role on EC2, where
    the instance's role stands in. The file system is not part of the stack.

References
    efs-volumes, iam-access-control-nfs-efs, s3files-volumes
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..ecs.unknown_parts import UnknownPart, unknown_volumes
from ..ecs.volumes import anonymous_access, mounted_read_only
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.roles import task_role
from ..findings.needs import Need, PartialMiss, demands
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..model import Absent, FileSystem, Principal, Stack, TaskDefinition, Volume, runs_on_fargate
from ..symbolic.answers import Answer, No, Yes, is_absent
from ..symbolic.values import Unknown, Value, first, join, literal, shown_value
from ._needs import check_needs, check_possible

MOUNT = (
    "elasticfilesystem:ClientMount",
    "elasticfilesystem:ClientWrite",
    "s3files:ClientMount",
    "s3files:ClientWrite",
)
FAILS_WITH = (
    "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: "
    "stderr: mount.nfs4: access denied by server"
)


def iam_volumes(stack: Stack) -> Iterator[tuple[TaskDefinition, Volume, Value, str]]:
    """Volumes that are mounted with the task role: the file system, and the service's action
    prefix."""
    for task in stack.task_definitions:
        for volume in task.volumes:
            if volume.efs is not None and literal(volume.efs.iam) == "ENABLED":
                yield task, volume, volume.efs.file_system, "elasticfilesystem"
            elif volume.s3_files is not None:
                yield task, volume, volume.s3_files.file_system, "s3files"


def needs(stack: Stack) -> Iterator[Need]:
    for task, volume, named, service in iam_volumes(stack):
        found = stack.find(FileSystem, named)
        restricted = Yes() if service == "s3files" else _has_policy(stack, named)
        if isinstance(restricted, No):
            continue
        actions, writing = [f"{service}:ClientMount"], ""
        if not mounted_read_only(task, volume):
            actions, writing = [*actions, f"{service}:ClientWrite"], " for writing"
        yield Need(
            owner=task,
            task=task,
            principal=Principal.TASK,
            role=task.task_role,
            demands=demands(actions, found.arn if found else named),
            because=named.span,
            origin=named,
            doubt=restricted if isinstance(restricted, Unknown) else None,
            purpose=f"mount volume '{shown_value(volume.name)}'{writing}",
            phase=Phase.START,
            subject=volume.name,
            fails_with=FAILS_WITH,
            partial=PartialMiss(frozenset({f"{service}:ClientWrite"}), Severity.WARNING, Phase.RUN),
        )


def _has_policy(stack: Stack, named: Value) -> Answer:
    """Has the file system a policy of its own, without which every client may mount it? One that is
    not known may be any of the stack."""
    found = stack.find(FileSystem, named)
    if found is None:
        without = all(isinstance(is_absent(each.policy), Yes) for each in stack.of(FileSystem))
        return named if isinstance(named, Unknown) and not without else No()
    absent = is_absent(found.policy)
    return Yes() if isinstance(absent, No) else No() if isinstance(absent, Yes) else absent


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    yield from _without_identity(rule, stack)
    for task, volume, named, service in iam_volumes(stack):
        if not isinstance(stack.role_of(task.task_role), Absent):
            continue
        # On an instance the instance's own role serves in its place.
        alone = Yes() if service == "s3files" else runs_on_fargate(stack, task)
        if isinstance(alone, Unknown):
            yield rule.undecided(task, alone, span=named.span, subject=volume.name)
        elif isinstance(alone, Yes):
            yield rule.finding(
                task,
                f"Volume '{shown_value(volume.name)}' is mounted with the task role, and task "
                f"definition '{task.address}' has none.",
                span=named.span,
                phase=Phase.START,
                subject=volume.name,
                fails_with=FAILS_WITH,
                fix=Fix.of(
                    stack,
                    "Give the task definition a task role.",
                    "task_role_arn = aws_iam_role.task.arn",
                    "TaskRoleArn: !GetAtt TaskRole.Arn",
                    draft=task_role(stack, task, rule.needs_of(stack)),
                ),
            )
    yield from check_possible(rule, stack, unknown_volumes(stack), MOUNT, Principal.TASK)
    yield from check_possible(rule, stack, _perhaps_with_iam(stack), MOUNT, Principal.TASK)
    yield from check_needs(rule, stack)


def _perhaps_with_iam(stack: Stack) -> Iterator[UnknownPart]:
    """Volumes of tasks without a task role that may be mounted with it."""
    for task in stack.task_definitions:
        roleless = isinstance(stack.role_of(task.task_role), Absent)
        if not roleless or isinstance(runs_on_fargate(stack, task), No):
            continue
        for volume in task.volumes:
            if volume.efs is not None and isinstance(volume.efs.iam, Unknown):
                title = join("volume '", volume.name, "'")
                yield UnknownPart(task, title, volume.efs.iam, task.task_role)


def _without_identity(rule: Rule, stack: Stack) -> Iterator[AnyOutcome]:
    """Volumes that are mounted without IAM: the file system's policy alone decides."""
    for task in stack.own_tasks:
        for volume in task.volumes:
            efs = volume.efs
            if efs is None or literal(efs.iam) == "ENABLED":
                continue
            named, restricted = efs.file_system, _has_policy(stack, efs.file_system)
            found = stack.find(FileSystem, named)
            if isinstance(restricted, Unknown):
                yield rule.undecided(task, restricted, span=named.span, subject=volume.name)
            elif found is not None and isinstance(restricted, Yes):
                answers = anonymous_access(stack, efs, found)
                if mounted_read_only(task, volume):
                    del answers["elasticfilesystem:ClientWrite"]
                yield _judged(rule, stack, task, volume, found, answers)


def _judged(
    rule: Rule,
    stack: Stack,
    task: TaskDefinition,
    volume: Volume,
    found: FileSystem,
    answers: Mapping[str, Answer],
) -> AnyOutcome:
    efs, subject = volume.efs, volume.name
    span = efs.file_system.span if efs else volume.span
    refused = {action: answer for action, answer in answers.items() if isinstance(answer, No)}
    doubt = first(*(answer for answer in answers.values() if isinstance(answer, Unknown)))
    if not refused:
        return (
            rule.met(task, span=span, subject=subject)
            if doubt is None
            else rule.undecided(task, doubt, span=span, subject=subject)
        )
    near = tuple(dict.fromkeys(e for answer in refused.values() for e in answer.evidence))
    mounts = "elasticfilesystem:ClientMount" not in refused
    return rule.finding(
        task,
        f"Volume '{shown_value(subject)}' is mounted without IAM authorization, and the policy of "
        f"file system '{found.address}' does not allow {quoted(refused)} to a client without an "
        "identity." + (f" {near[0].message}" if near else ""),
        span=span,
        phase=Phase.RUN if mounts else Phase.START,
        subject=subject,
        severity=Severity.WARNING if mounts else Severity.ERROR,
        fails_with="" if mounts else FAILS_WITH,
        related=near,
        fix=Fix.of(
            stack,
            "Mount with the task role and allow it there, or allow the actions to every client in "
            "the file system's policy.",
            'transit_encryption = "ENABLED"\n\nauthorization_config {\n  iam = "ENABLED"\n}',
            "TransitEncryption: ENABLED\nAuthorizationConfig:\n  IAM: ENABLED",
        ),
    )


RULE = Rule(
    "ECS805", "file-system-not-mountable", (Severity.ERROR, Severity.WARNING), __doc__, check, needs
)
