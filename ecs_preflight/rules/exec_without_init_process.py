"""ECS Exec is on, and a container has no init process.

What it finds
    ``linuxParameters.initProcessEnabled`` is not true in a container of a task that something
    launches with Exec.

Why it matters
    Without an init process, what sessions leave behind stays as orphaned SSM agent child processes.
    AWS recommends it.

Fix
    Set ``initProcessEnabled`` to true.

When it stays silent
    Windows containers; Exec, or the setting, is not known.

References
    ecs-exec
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.execs import exec_tasks, lasting, windows
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import Stack
from ..symbolic.answers import No, truth
from ..symbolic.values import shown_value

TERRAFORM = "linuxParameters = { initProcessEnabled = true }"
CLOUDFORMATION = "LinuxParameters:\n  InitProcessEnabled: true"


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in exec_tasks(stack):
        if use.doubt is not None or not isinstance(windows(use.task), No):
            continue
        for container in lasting(use.task):
            name = shown_value(container.name)
            if isinstance(truth(container.init_process), No):
                yield rule.finding(
                    use.task,
                    f"Container '{name}' is reached with ECS Exec and has no init process.",
                    span=container.span,
                    phase=Phase.EXEC,
                    subject=container.name,
                    fix=Fix.of(
                        stack,
                        "Enable the init process.",
                        TERRAFORM,
                        CLOUDFORMATION,
                        draft=settings.nested(
                            container.span, "linuxParameters", "initProcessEnabled", "true"
                        ),
                    ),
                )


RULE = Rule("ECS708", "exec-without-init-process", (Severity.NOTE,), __doc__, check)
