"""ECS Exec is on, and a container's root file system is read-only.

What it finds
    ``readonlyRootFilesystem`` is true in a task that something launches with Exec: an error where
    every container that keeps running is read-only, a warning where only some are.

Why it matters
    The session agent writes into the container. ``aws ecs execute-command`` fails, although
    everything else runs.

Fix
    Leave ``readonlyRootFilesystem`` out, or mount writable volumes on ``/managed-agents``,
    ``/var/lib/amazon/ssm`` and ``/var/log/amazon/ssm`` (not documented by AWS, but seen to work).

When it stays silent
    Windows containers, containers that only run first (a SUCCESS or COMPLETE dependency). With the
    three mounts it is a note.

References
    ecs-exec
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.execs import ExecTask, exec_tasks, lasting, may_end, windows
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import Container, Stack
from ..symbolic.answers import No, Yes, truth
from ..symbolic.values import Unknown, first, literal, shown_value, why_not
from ._messages import EXEC_FAILED

WRITTEN = ("/managed-agents", "/var/lib/amazon/ssm", "/var/log/amazon/ssm")


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in exec_tasks(stack):
        if isinstance(windows(use.task), Yes):
            continue
        for container in lasting(use.task):
            sealed, span = truth(container.read_only_root), container.read_only_root.span
            unsure = first(
                use.doubt,
                sealed if isinstance(sealed, Unknown) else None,
                may_end(use.task, container),
                _maybe_mounted(container),
            )
            name = shown_value(container.name)
            if isinstance(sealed, No):
                yield rule.met(use.task, span=use.task.span, subject=container.name)
            elif unsure is not None:
                yield rule.undecided(use.task, unsure, span=span, subject=container.name)
            else:
                yield rule.finding(
                    use.task,
                    f"Container '{name}' has a read-only root file system, into which ECS "
                    f"Exec, enabled by '{use.uses[0].launch.address}', must write.",
                    span=span,
                    phase=Phase.EXEC,
                    subject=container.name,
                    severity=_severity(use, container),
                    fails_with=EXEC_FAILED,
                    fix=Fix.of(
                        stack,
                        "Make the root file system writable, or mount writable volumes on "
                        + ", ".join(WRITTEN)
                        + ".",
                        "readonlyRootFilesystem = false",
                        "ReadonlyRootFilesystem: false",
                        draft=settings.setting(span, "false"),
                    ),
                )


def _maybe_mounted(container: Container) -> Unknown | None:
    """Why mounts that are not fully known may make all the paths writable that are not so yet."""
    lacking = [path for path in WRITTEN if path not in _writable(container)]
    doubts = [
        first(why_not(mount.container_path), why_not(mount.read_only))
        for mount in container.mount_points
        if literal(mount.container_path) in (None, *lacking)
        and not isinstance(truth(mount.read_only), Yes)
    ]
    return container.mount_points.remainder if len(doubts) < len(lacking) else first(*doubts)


def _writable(container: Container) -> set[str | None]:
    return {
        literal(mount.container_path)
        for mount in container.mount_points
        if isinstance(truth(mount.read_only), No)
    }


def _severity(use: ExecTask, container: Container) -> Severity:
    if _writable(container).issuperset(WRITTEN):
        return Severity.NOTE
    every = all(isinstance(truth(other.read_only_root), Yes) for other in lasting(use.task))
    return Severity.ERROR if every and use.task.containers.remainder is None else Severity.WARNING


RULE = Rule(
    "ECS703",
    "exec-on-read-only-root",
    (Severity.ERROR, Severity.WARNING, Severity.NOTE),
    __doc__,
    check,
)
