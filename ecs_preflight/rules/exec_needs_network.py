"""ECS Exec is on in a task without a network.

What it finds
    ``networkMode`` is ``none`` in a task that something launches with Exec.

Why it matters
    The session agent talks to Systems Manager over the task's network; without one no session
    starts.

Fix
    Use ``awsvpc``, or ``bridge`` on EC2.

When it stays silent
    The network mode, or Exec, is not known.

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
from ._messages import EXEC_FAILED


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in exec_tasks(stack):
        if use.doubt is None and literal(use.task.network_mode) == "none":
            yield rule.finding(
                use.task,
                f"'{use.uses[0].launch.address}' enables ECS Exec, but task definition "
                f"'{use.task.address}' has no network.",
                span=use.task.network_mode.span,
                phase=Phase.EXEC,
                subject="network mode",
                fails_with=EXEC_FAILED,
                fix=Fix.of(
                    stack,
                    "Use the bridge network mode, or awsvpc with the service in subnets.",
                    'network_mode = "bridge"',
                    "NetworkMode: bridge",
                    draft=settings.replacing(use.task.network_mode, "bridge"),
                ),
            )


RULE = Rule("ECS713", "exec-needs-network", (Severity.ERROR,), __doc__, check)
