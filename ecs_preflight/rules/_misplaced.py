"""Grants that stand on the wrong one of a task's two roles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import iam
from ..findings.decide import authorization, cause, granted_elsewhere, other_role
from ..findings.finding import Finding, Fix
from ..findings.fixing.editable import is_written_for
from ..findings.fixing.exchanges import exchanging
from ..findings.fixing.moves import moving
from ..findings.needs import Need
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..model import Principal, Role, Stack
from ..symbolic.answers import Evidence, No, Yes
from ..symbolic.values import Known
from ._all_needs import needs_of

#: What nobody grants a task on purpose: whoever has it has everything.
UNRELATED = "organizations:LeaveOrganization"


def misplaced(rule: Rule, stack: Stack, needs: Iterable[Need]) -> Iterator[Finding]:
    """One finding for each statement of a task's other role that grants what the right role lacks.

    The need itself is reported by its own rule; this one stands at the statement and says what to
    move. What the other role needs for itself, in whatever task, is not misplaced, and a policy
    that allows everything was not meant for this need.
    """
    kept = {
        (role.address, demand.action)
        for principal in Principal
        for need in needs_of(stack, principal)
        if isinstance(role := stack.role_of(need.role), Role)
        for demand in need.demands
    }
    found: dict[tuple[str, Evidence], list[tuple[Need, Role, tuple[str, ...]]]] = {}
    for need in needs:
        role, other = stack.role_of(need.role), other_role(stack, need)
        if not isinstance(role, Role) or other is None or need.doubt is not None:
            continue
        missing = tuple(
            demand
            for demand in need.demands
            if isinstance(authorization(stack, role, demand, need.principal), No)
        )
        if not missing or any(
            (other.address, demand.action) in kept or is_written_for(role, demand)
            for demand in missing
        ):
            continue  # what the role's own policies allow is kept from it otherwise
        if isinstance(iam.authorize(stack, other, UNRELATED, Known("*"), need.principal), Yes):
            continue
        target = granted_elsewhere(stack, need, missing)
        if target is not None and need.principal not in stack.used_elsewhere(other):
            actions = tuple(demand.action for demand in missing)
            found.setdefault((need.owner.address, target), []).append((need, role, actions))
    leaving: dict[tuple[str, str], set[str]] = {}
    for (_, target), entries in found.items():
        for _, role, actions in entries:
            leaving.setdefault((target.address, role.address), set()).update(actions)
    for (_, target), entries in found.items():
        role = entries[0][1]
        yield _finding(rule, stack, target, entries, leaving[target.address, role.address])


def _finding(
    rule: Rule,
    stack: Stack,
    target: Evidence,
    entries: list[tuple[Need, Role, tuple[str, ...]]],
    leaving: set[str],
) -> Finding:
    """``leaving`` are all actions that are to go from the one role to the other, with other
    statements too."""
    need, role, _ = entries[0]
    actions = dict.fromkeys(action for _, _, missing in entries for action in missing)
    other = other_role(stack, need)
    wrong = Principal.TASK if need.principal is Principal.EXECUTION else Principal.EXECUTION
    lacking = tuple(
        dict.fromkeys(
            demand
            for entry, _, missing in entries
            for demand in entry.demands
            if demand.action in missing
        )
    )
    origins = {demand.resource: entry.origin for entry, _, _ in entries for demand in entry.demands}
    who = "the ECS agent" if need.principal is Principal.EXECUTION else "the Exec agent in the task"
    return rule.finding(
        need.owner,
        f"{quoted(actions)} {'is' if len(actions) == 1 else 'are'} allowed on the "
        f"{wrong.value} '{other.address if other else ''}', but {who} uses the "
        f"{need.principal.value} '{role.address}', which lacks "
        f"{'it' if len(actions) == 1 else 'them'}.",
        span=target.span,
        phase=need.phase,
        subject=f"{target.address}: {', '.join(actions)}",
        severity=min(
            (entry.severity or rule.severities[0] for entry, _, _ in entries),
            key=lambda severity: severity.rank,
        ),
        need=need.record(stack),
        fails_with=need.fails_with,
        related=[
            Evidence(f"needed to {entry.purpose}", entry.owner.address, entry.because)
            for entry, _, _ in entries
        ],
        fix=Fix(
            f"Move the statement to a policy of '{role.address}'.",
            draft=exchanging(
                stack,
                (need.task,),
                moving(stack, other, role, target.span, lacking, origins, leaving)
                if other
                else None,
            ),
        ),
        cause=cause(role, elsewhere=target),
    )
