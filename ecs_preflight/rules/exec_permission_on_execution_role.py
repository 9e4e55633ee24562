"""A permission that ECS Exec needs stands on the execution role.

What it finds
    The ``ssmmessages`` actions are allowed on the execution role, and not on the task role, while a
    launch has Exec enabled. Reported at the statement, to be moved.

Why it matters
    The session agent runs in the task and has the task role's credentials; it never sees the
    execution role's.

Fix
    Move the statement to a policy of the task role.

When it stays silent
    The task role has the permissions too. The two roles are one. Exec is off.

References
    ecs-exec, task-iam-roles
"""

from __future__ import annotations

from collections.abc import Iterable

from ..findings.finding import AnyOutcome, Phase, Severity
from ..findings.rule import Rule
from ..model import Principal, Stack
from ._all_needs import needs_of
from ._misplaced import misplaced


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    return misplaced(rule, stack, needs_of(stack, Principal.TASK, Phase.EXEC))


RULE = Rule(
    "ECS622",
    "exec-permission-on-execution-role",
    (Severity.ERROR, Severity.WARNING),
    __doc__,
    check,
)
