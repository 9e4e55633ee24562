"""The account has the role with other permissions than the code.

What it finds
    A role of the code which the account has too, as the files of ``--known-roles`` tell, where one
    of the two allows what a task needs and the other does not. The code decides all other findings;
    the files say what the account was like when they were written.

Why it matters
    What the code allows and the account does not yet must be deployed before the task. What only
    the account allows was changed by hand, and the next deployment of the code takes it away.

Fix
    Deploy the role's code first, or write into it what was changed by hand.

When it stays silent
    No file of the account is given; the account has no role of that name, or the name is known only
    at deployment; either of the two answers is not known.

References
    API_GetAccountAuthorizationDetails
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import iam
from ..findings.decide import authorization
from ..findings.finding import AnyOutcome, Phase, Severity
from ..findings.needs import Demand, Need
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..model import Principal, Role, Stack
from ..symbolic.answers import Evidence, No, Yes
from ._all_needs import needs_of


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    found: dict[tuple[str, bool], tuple[Role, dict[str, None]]] = {}
    for need in _needs(stack) if stack.deployed else ():
        role = stack.role_of(need.role)
        there = stack.deployed.get(role.address) if isinstance(role, Role) else None
        if isinstance(role, Role) and there is not None:
            for demand in need.demands:
                allowed = _differ(stack, role, there, demand, need.principal)
                if allowed is not None:
                    found.setdefault((role.address, allowed), (role, {}))[1][demand.action] = None
    for (address, allowed), (role, actions) in found.items():
        there = stack.deployed[address]
        said = (
            "and the account does not yet"
            if allowed
            else "and the account does: the next deployment takes it away"
        )
        verb = "allows" if allowed else "does not allow"
        yield rule.finding(
            role,
            f"The code of '{address}' {verb} {quoted(actions)}, {said} ({there.origin}).",
            span=role.span,
            phase=Phase.DEPLOY,
            subject="allowed" if allowed else "not allowed",
            related=(Evidence(f"'{there.address}' {there.origin}", there.address, there.span),),
        )


def _needs(stack: Stack) -> Iterator[Need]:
    for principal in Principal:
        yield from needs_of(stack, principal)


def _differ(
    stack: Stack, role: Role, there: Role, demand: Demand, principal: Principal
) -> bool | None:
    """What the code says, where the account says otherwise; None where they agree, or either does
    not know."""
    own = authorization(stack, role, demand, principal)
    other = iam.authorize(
        stack, there, demand.action, demand.resource, principal, context=dict(demand.context)
    )
    if isinstance(own, Yes) and isinstance(other, No):
        return True
    return False if isinstance(own, No) and isinstance(other, Yes) else None


RULE = Rule("ECS639", "role-differs-from-account", (Severity.NOTE,), __doc__, check)
