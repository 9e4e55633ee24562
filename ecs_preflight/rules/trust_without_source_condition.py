"""A task role's trust policy does not say for whose tasks it is.

What it finds
    The statement that lets ``ecs-tasks.amazonaws.com`` assume a task role has no condition on
    ``aws:SourceAccount`` or ``aws:SourceArn``.

Why it matters
    AWS recommends the condition against confused deputies.

Fix
    Add ``ArnLike`` on ``aws:SourceArn`` with ``arn:aws:ecs:REGION:ACCOUNT:*`` (not a cluster) and
    ``StringEquals`` on ``aws:SourceAccount``.

When it stays silent
    Execution roles: AWS documents no condition for them.

References
    task-iam-roles
"""

from __future__ import annotations

from collections.abc import Iterable

from .. import iam
from ..ecs.policies import allows, only_used_as
from ..ecs.principals import TASKS
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.conditions import of_own_account
from ..findings.rule import Rule
from ..model import Principal, Stack
from ..symbolic.values import literal

TERRAFORM = """condition {
  test     = "StringEquals"
  variable = "aws:SourceAccount"
  values   = [data.aws_caller_identity.current.account_id]
}"""
CLOUDFORMATION = "Condition:\n  StringEquals:\n    aws:SourceAccount: !Ref AWS::AccountId"
KEYS = ("aws:sourceaccount", "aws:sourcearn")


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in only_used_as(stack, Principal.TASK):
        for statement in iam.statements(use.role.trust).statements:
            named = statement.principals.named if statement.principals else ()
            tasks = [n.value for n in named if n.kind == "Service" and literal(n.value) == TASKS]
            if (
                allows(statement)
                and tasks
                and statement.unread is None
                and not any(condition.key.lower() in KEYS for condition in statement.conditions)
            ):
                yield rule.finding(
                    use.role,
                    f"Task role '{use.role.address}' does not say whose tasks may assume it.",
                    span=tasks[0].span,
                    phase=Phase.RUN,
                    subject=statement.title,
                    fix=Fix.of(
                        stack,
                        "Add a condition on aws:SourceAccount.",
                        TERRAFORM,
                        CLOUDFORMATION,
                        draft=of_own_account(stack, use.role, statement.span),
                    ),
                )


RULE = Rule(
    "ECS506", "trust-without-source-condition", (Severity.NOTE,), __doc__, check, security="4.0"
)
