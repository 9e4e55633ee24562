"""A permission stands in a trust policy.

What it finds
    ``Resource`` in a trust policy, or an action other than those of ``sts``.

Why it matters
    IAM refuses to create the role.

Fix
    Move the statement to a policy of the role; a trust policy has a Principal and no Resource.

When it stays silent
    ``*`` as action; parts that are not known.

References
    reference_policies_elements_resource, task-iam-roles
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import iam
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..iam.document import Statement
from ..model import Stack
from ..symbolic.source import Span
from ..symbolic.values import literal

FAILS_WITH = "MalformedPolicyDocument: Has prohibited field Resource"


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for role in stack.roles:
        for statement in iam.statements(role.trust).statements:
            for span, what in _faults(statement):
                yield rule.finding(
                    role,
                    f"The trust policy of role '{role.address}' has {what}.",
                    span=span,
                    phase=Phase.DEPLOY,
                    subject=f"{statement.title} {what}",
                    fails_with=FAILS_WITH,
                    fix=Fix("Move the permission to a policy of the role."),
                )
                break


def _faults(statement: Statement) -> Iterator[tuple[Span, str]]:
    resources = statement.resources or statement.not_resources
    if resources is not None and statement.unread is None:
        yield resources.span, f"a Resource in {statement.title}"
    for action in statement.actions or ():
        name = literal(action)
        if name is not None and name != "*" and not name.lower().startswith("sts:"):
            yield action.span, f"action '{name}' in {statement.title}"


RULE = Rule("ECS507", "permission-statement-in-trust-policy", (Severity.ERROR,), __doc__, check)
