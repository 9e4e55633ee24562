"""ECS Exec is on, and the task role may not open its channels.

What it finds
    A launch has Exec enabled, and the task role lacks one of the four ``ssmmessages`` actions on
    ``*``.

Why it matters
    The session agent in the container opens its channels with the task role. Without them the
    service runs, and ``aws ecs execute-command`` fails.

Fix
    Allow the four actions on ``*`` in a policy of the task role; they know no resources.

When it stays silent
    No task role is named (ECS701), or its policies are not fully known.
    AmazonSSMManagedInstanceCore and other managed policies that hold the four actions count.

References
    ecs-exec, task-iam-roles
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.execs import exec_uses
from ..findings.finding import Phase, Severity
from ..findings.needs import Need, demands
from ..findings.rule import Rule
from ..model import Principal, Stack
from ..symbolic.values import Known
from ._messages import EXEC_FAILED
from ._needs import check_needs

CHANNELS = (
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)


def needs(stack: Stack) -> Iterator[Need]:
    for use in exec_uses(stack):
        yield Need(
            owner=use.launch,
            task=use.task,
            principal=Principal.TASK,
            role=use.task_role,
            demands=demands(CHANNELS, Known("*")),
            because=use.launch.exec_enabled.span,
            purpose=f"open ECS Exec's channels in the tasks of '{use.launch.address}'",
            subject="channels",
            phase=Phase.EXEC,
            doubt=use.doubt,
            fails_with=EXEC_FAILED,
        )


RULE = Rule("ECS702", "exec-channel-denied", (Severity.ERROR,), __doc__, check_needs, needs)
