"""ECS tasks cannot assume the execution role.

What it finds
    A role is used as execution role, and its trust policy does not let ``ecs-tasks.amazonaws.com``
    call ``sts:AssumeRole``: another service stands there (``ecs``, ``ec2``, ``lambda`` ...), a
    Deny, another action, or a condition that cannot hold.

Why it matters
    Everything deploys; the task does not start.

Fix
    Let ``ecs-tasks.amazonaws.com`` call ``sts:AssumeRole``.

When it stays silent
    The trust policy is not fully known, or only denies and nothing in the code launches the task:
    whoever runs it may bring another role. Other principals beside the right one, lists, ``sts:*``
    and an empty Sid are fine. A condition on aws:SourceArn or aws:SourceAccount leaves it
    undecided: AWS does not say whether ECS sends these keys for the execution role.

References
    task-iam-roles, task_execution_IAM_role
"""

from __future__ import annotations

from collections.abc import Iterable

from ..findings.finding import AnyOutcome, Severity
from ..findings.rule import Rule
from ..model import Principal, Stack
from ._trust import unassumable


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    return unassumable(rule, stack, Principal.EXECUTION)


RULE = Rule("ECS502", "execution-role-not-assumable", (Severity.ERROR,), __doc__, check)
