"""Anyone may assume a role that ECS uses.

What it finds
    A trust policy whose Principal is AWS ``*``, without a condition. (The bare ``*`` IAM refuses:
    ECS508.)

Why it matters
    Every AWS account can take the role's permissions. Nothing fails; that is the danger.

Fix
    Name ``ecs-tasks.amazonaws.com`` alone.

When it stays silent
    The statement has a condition; the role is not used by ECS.

References
    reference_policies_elements_principal, task-iam-roles
"""

from __future__ import annotations

from collections.abc import Iterable

from .. import iam
from ..ecs.policies import allows
from ..ecs.principals import TASKS
from ..ecs.role_uses import role_uses
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.trusts import shut
from ..findings.rule import Rule
from ..model import Stack
from ..symbolic.values import literal
from ._trust_fixes import principal


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in role_uses(stack):
        for statement in iam.statements(use.role.trust).statements:
            if (
                not allows(statement)
                or not statement.is_unconditional
                or statement.principals is None
            ):
                continue
            for named in statement.principals.named:
                # IAM refuses the bare star (ECS508).
                if named.kind == "AWS" and literal(named.value) == "*":
                    yield rule.finding(
                        use.role,
                        f"Any AWS account may assume role '{use.role.address}'.",
                        span=named.value.span,
                        phase=Phase.RUN,
                        subject=statement.title,
                        fix=Fix.of(
                            stack,
                            "Let only ECS tasks assume it.",
                            *principal(TASKS),
                            draft=shut(use.role, statement, named, TASKS),
                        ),
                    )


RULE = Rule("ECS504", "trust-open-to-anyone", (Severity.ERROR,), __doc__, check, security="9.0")
