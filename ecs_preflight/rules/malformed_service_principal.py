"""A trust policy names a service principal that AWS refuses.

What it finds
    A service principal with chat markup (``<http://ecs-tasks.amazonaws.com|...>``), a scheme,
    blanks, a trailing dot or China's suffix, or a misspelt ``ecs-tasks.amazonaws.com``.

Why it matters
    IAM refuses to create the role. Text copied out of a chat is the usual source.

Fix
    Write ``ecs-tasks.amazonaws.com``.

When it stays silent
    The principal is built from a part that is not known, such as the partition's DNS suffix.

References
    task-iam-roles, reference_policies_elements_principal
"""

from __future__ import annotations

from collections.abc import Iterable

from .. import iam
from ..ecs.principals import cleaned
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import Stack
from ..symbolic.values import literal

FAILS_WITH = 'MalformedPolicyDocument: Invalid principal in policy: "SERVICE":"{principal}"'


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for role in stack.roles:
        for value in iam.service_principals(role.trust):
            written = literal(value)
            meant = cleaned(written) if written is not None else None
            if written is not None and meant is not None:
                yield rule.finding(
                    role,
                    f"The trust policy of role '{role.address}' names '{written}', which is no "
                    f"service principal.",
                    span=value.span,
                    phase=Phase.DEPLOY,
                    subject=written,
                    fails_with=FAILS_WITH.format(principal=written),
                    fix=Fix(
                        f"Write '{meant}'.",
                        f'"{meant}"',
                        draft=settings.replacing(value, meant, safe=True),
                    ),
                    cause=f"'{role.address}' cannot be assumed",
                )


RULE = Rule("ECS503", "malformed-service-principal", (Severity.ERROR,), __doc__, check)
