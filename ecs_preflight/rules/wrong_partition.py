"""An ARN is written for another partition than the one that is deployed to.

What it finds
    A hard-coded ``arn:aws:`` in a policy of a task's role while the Region is one of China or
    GovCloud.

Why it matters
    ARNs there begin with ``arn:aws-cn:`` or ``arn:aws-us-gov:``: the statement matches nothing.

Fix
    Take the partition from ``data.aws_partition`` or ``AWS::Partition``.

When it stays silent
    The Region is not written in the code.

References
    reference-arns
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.policies import managed_policies, written_statements
from ..ecs.role_uses import role_uses
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import Role, Stack
from ..symbolic.values import Known, Text, Value, expanded, literal

PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    region = literal(stack.target.region) or ""
    partition = next((p for prefix, p in PARTITIONS.items() if region.startswith(prefix)), None)
    for use in role_uses(stack) if partition else ():
        for value in _arns(use.role):
            if _head(value).startswith("arn:aws:"):
                yield rule.finding(
                    use.role,
                    f"An ARN of role '{use.role.address}' begins with 'arn:aws:', but the "
                    f"stack is deployed to '{region}'.",
                    span=value.span,
                    phase=Phase.START,
                    subject=_head(value),
                    fix=Fix.of(
                        stack,
                        f"Begin it with 'arn:{partition}:'.",
                        "arn:${data.aws_partition.current.partition}:",
                        "arn:${AWS::Partition}:",
                        draft=settings.rewording(value, "arn:aws:", f"arn:{partition}:"),
                    ),
                )


def _arns(role: Role) -> Iterable[Value]:
    yield from (policy.arn for policy in managed_policies(role))
    for _, statement in written_statements(role):
        yield from statement.resources or ()


def _head(value: Value) -> str:
    wanted = expanded(value)
    first = (
        wanted.parts[0]
        if isinstance(wanted, Text)
        else (literal(wanted) if isinstance(wanted, Known) else None)
    )
    return first if isinstance(first, str) else ""


RULE = Rule("ECS631", "wrong-partition", (Severity.WARNING,), __doc__, check)
