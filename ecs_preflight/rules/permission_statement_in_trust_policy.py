"""A permission stands in a trust policy.

What it finds
    ``Resource`` in a trust policy, or an action other than ``sts:AssumeRole``, ``sts:TagSession``
    and their like, written so: IAM takes neither ``sts:*`` nor ``*`` nor ``sts:assumerole`` there.

Why it matters
    IAM refuses to create the role.

Fix
    Move the statement to a policy of the role; a trust policy has a Principal and no Resource.

When it stays silent
    Parts that are not known.

References
    reference_policies_elements_resource, task-iam-roles
"""

from __future__ import annotations

from collections.abc import Iterable

from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.moves import relocating
from ..findings.rule import Rule
from ..iam import PolicyUse, faults
from ..model import Stack


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for role in stack.roles:
        found = [f for f in faults(role.trust, PolicyUse.TRUST) if f.code == "trust"]
        for fault in {fault.statement: fault for fault in reversed(found)}.values():
            yield rule.finding(
                role,
                fault.message,
                span=fault.span,
                phase=Phase.DEPLOY,
                subject=fault.message,
                fails_with=f"MalformedPolicyDocument: {fault.refusal}",
                fix=Fix(
                    "Write 'sts:AssumeRole' there, and move permissions to a policy of the role.",
                    draft=relocating(stack, role, fault.span),
                ),
            )


RULE = Rule("ECS507", "permission-statement-in-trust-policy", (Severity.ERROR,), __doc__, check)
