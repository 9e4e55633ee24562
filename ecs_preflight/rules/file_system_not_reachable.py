"""A task cannot reach the file system that it mounts.

What it finds
    A volume on an EFS file system of the stack that has no mount target, while the tasks' subnets
    are the stack's; whose mount targets have security groups of the stack that let nothing in on
    port 2049, or only other groups than the tasks'; or whose tasks have security groups that let
    nothing out to it.

Why it matters
    The file system's name is found in a VPC by its mount targets alone, and NFS is TCP port 2049.
    The mount fails, and the task does not start.

Fix
    Make a mount target in each subnet's zone, with a security group that lets the tasks in on port
    2049.

When it stays silent
    The file system, a security group or a rule of one is not part of the stack; a module of it
    cannot be read; a mount target may be of any file system.

References
    efs-volumes, EFS accessing-fs, EFS network-access
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.security_groups import NFS, lets_in, lets_out
from ..findings.finding import AnyOutcome, Draft, Finding, Fix, Phase, Severity
from ..findings.fixing.ports import Opening, letting_through
from ..findings.rule import Rule
from ..model import (
    EfsVolume,
    FileSystem,
    MountTarget,
    Several,
    Stack,
    Subnet,
    TaskDefinition,
    Volume,
)
from ..symbolic.answers import Evidence, No
from ..symbolic.values import Unknown, Value, Why, first, shown_value

_FAILED = (
    "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: "
    "stderr: "
)
UNRESOLVED = f"{_FAILED}Failed to resolve - check that your file system ID is correct"
TIMED_OUT = f"{_FAILED}mount.nfs4: Connection timed out : unsuccessful EFS utils command execution"


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        for volume in task.volumes:
            found = stack.find(FileSystem, volume.efs.file_system) if volume.efs else None
            if volume.efs is not None and found is not None:
                yield from _inward(rule, stack, task, volume, volume.efs, found)
                yield from _outward(rule, stack, task, volume, volume.efs)


def _inward(
    rule: Rule,
    stack: Stack,
    task: TaskDefinition,
    volume: Volume,
    efs: EfsVolume,
    found: FileSystem,
) -> Iterator[Finding]:
    targets = stack.of(MountTarget)
    mine = [t for t in targets if stack.find(FileSystem, t.file_system) is found]
    launches = stack.launches_of.get(task.address, ())
    groups = [launch.network.security_groups for launch in launches]
    callers: Several[Value] | None = Several(
        tuple(group for several in groups for group in several),
        first(*(several.remainder for several in groups)),
    )
    # Where a launch names no group, the VPC's default one is among them.
    if not groups or any(not several.items for several in groups):
        callers = None
    answers = [lets_in(stack, target.security_groups, NFS, callers) for target in mine]
    refused = [answer for answer in answers if isinstance(answer, No)]
    if not mine and not _may_be_elsewhere(stack, task, targets):
        yield _finding(
            rule,
            task,
            volume,
            efs,
            f"Volume '{shown_value(volume.name)}' is on file system '{found.address}', which has "
            "no mount target.",
            UNRESOLVED,
            "Make a mount target in each subnet where the tasks run.",
        )
    elif refused and len(refused) == len(mine):
        yield _finding(
            rule,
            task,
            volume,
            efs,
            f"Volume '{shown_value(volume.name)}' cannot be reached: "
            f"{refused[0].evidence[0].message}",
            TIMED_OUT,
            "Let the tasks' security group in on TCP port 2049 there.",
            refused[0].evidence[:1],
            _opened(stack, refused[0], callers, out=False),
        )


def _may_be_elsewhere(stack: Stack, task: TaskDefinition, targets: tuple[MountTarget, ...]) -> bool:
    """May there be a mount target that is not seen? So it is where not all subnets of the tasks are
    the stack's either."""
    unread = (Why.MODULE, Why.REACH, Why.UNREADABLE)
    subnets = [
        stack.find(Subnet, value)
        for launch in stack.launches_of.get(task.address, ())
        for value in launch.network.subnets
    ]
    return (
        not subnets
        or None in subnets
        or any(isinstance(t.file_system, Unknown) for t in targets)
        or any(reason.why in unread for reason in stack.unread)
    )


def _outward(
    rule: Rule, stack: Stack, task: TaskDefinition, volume: Volume, efs: EfsVolume
) -> Iterator[Finding]:
    for launch in stack.launches_of.get(task.address, ()):
        answer = lets_out(stack, launch.network.security_groups, NFS)
        if isinstance(answer, No):
            yield _finding(
                rule,
                task,
                volume,
                efs,
                f"The tasks of '{launch.address}' cannot reach volume "
                f"'{shown_value(volume.name)}': {answer.evidence[0].message}",
                TIMED_OUT,
                "Let the tasks out to the file system on TCP port 2049.",
                answer.evidence[:1],
                _opened(stack, answer, _groups_of(stack, efs), out=True),
            )


def _groups_of(stack: Stack, efs: EfsVolume) -> Several[Value]:
    """The security groups of the file system's mount targets."""
    found = stack.find(FileSystem, efs.file_system)
    mine = [t for t in stack.of(MountTarget) if stack.find(FileSystem, t.file_system) is found]
    return Several(tuple(dict.fromkeys(g for target in mine for g in target.security_groups)))


def _opened(stack: Stack, shut: No, peers: Several[Value] | None, *, out: bool) -> Draft | None:
    """The group that is shut opened for NFS to or from the others."""
    named = tuple(dict.fromkeys(peers or ()))
    if not named:
        return None
    opening = Opening(NFS.number, NFS.protocol, out, named)
    return letting_through(stack, shut.evidence[0].address, opening)


def _finding(
    rule: Rule,
    task: TaskDefinition,
    volume: Volume,
    efs: EfsVolume,
    message: str,
    fails_with: str,
    remedy: str,
    related: tuple[Evidence, ...] = (),
    draft: Draft | None = None,
) -> Finding:
    return rule.finding(
        task,
        message,
        span=efs.file_system.span,
        phase=Phase.START,
        subject=shown_value(volume.name),
        related=related,
        fails_with=fails_with,
        fix=Fix(remedy, draft=draft),
    )


RULE = Rule("ECS817", "file-system-not-reachable", (Severity.WARNING,), __doc__, check)
