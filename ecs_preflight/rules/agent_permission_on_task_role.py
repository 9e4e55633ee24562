"""A permission that the ECS agent needs stands on the task role.

What it finds
    What the agent does before the container runs (pulling the image, writing awslogs, reading
    secrets and parameters) is allowed on the task role, and not on the execution role. Reported at
    the statement, to be moved.

Why it matters
    The agent uses the execution role alone; the task role's permissions are for code in the
    container. The task does not start, although the permission is there.

Fix
    Move the statement to a policy of the execution role.

When it stays silent
    The execution role has the permission too. The two roles are one.

References
    task_execution_IAM_role, task-iam-roles
"""

from __future__ import annotations

from collections.abc import Iterable

from ..findings.finding import AnyOutcome, Severity
from ..findings.rule import Rule
from ..model import Principal, Stack
from ._all_needs import needs_of
from ._misplaced import misplaced


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    return misplaced(rule, stack, needs_of(stack, Principal.EXECUTION))


RULE = Rule(
    "ECS621", "agent-permission-on-task-role", (Severity.ERROR, Severity.WARNING), __doc__, check
)
