"""A container runs as root.

What it finds
    No ``user``, or user 0, in a Linux container.

Why it matters
    A process that breaks out of its container, or writes into a shared volume, does so as root.

Fix
    Set ``user`` to an unprivileged id. ECS Exec sessions run as root whatever is set.

When it stays silent
    The user is not known; Windows containers. An image may set a user of its own, which the code
    does not show: therefore a note.

References
    task_definition_parameters
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.execs import windows
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..model import Stack
from ..symbolic.answers import No
from ..symbolic.values import Known, literal, shown_value


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        for container in task.containers:
            user = container.user
            root = user == Known(None) or (literal(user) or "").split(":")[0] in ("0", "root")
            if root and isinstance(windows(task), No):
                name = shown_value(container.name)
                yield rule.finding(
                    task,
                    f"Container '{name}' runs as root unless its image says otherwise.",
                    span=container.span if user == Known(None) else user.span,
                    phase=Phase.RUN,
                    subject=container.name,
                    fix=Fix.of(
                        stack,
                        "Set an unprivileged user.",
                        'user = "1000:1000"',
                        "User: '1000:1000'",
                    ),
                )


RULE = Rule("ECS808", "container-runs-as-root", (Severity.NOTE,), __doc__, check, security="4.0")
