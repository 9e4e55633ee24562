"""ECS Exec is on in a task whose containers share one process namespace.

What it finds
    ``pidMode`` is ``task`` in a task of several containers that something launches with Exec.

Why it matters
    There is one session for each process namespace: only one of the containers can be reached.

Fix
    Leave ``pidMode`` out, unless a sidecar must see the other containers' processes.

When it stays silent
    The task has one container; Exec, or the mode, is not known.

References
    ecs-exec
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.execs import exec_tasks
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import Stack
from ..symbolic.values import literal


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in exec_tasks(stack):
        if (
            use.doubt is None
            and literal(use.task.pid_mode) == "task"
            and len(use.task.containers) > 1
        ):
            yield rule.finding(
                use.task,
                f"The {len(use.task.containers)} containers of '{use.task.address}' share one "
                "process namespace, so ECS Exec reaches only one of them.",
                span=use.task.pid_mode.span,
                phase=Phase.EXEC,
                subject="pid mode",
                fix=Fix("Leave the pid mode out.", draft=settings.removing(use.task.pid_mode.span)),
            )


RULE = Rule("ECS711", "exec-shared-process-namespace", (Severity.NOTE,), __doc__, check)
