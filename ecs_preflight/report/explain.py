"""What each task needs, and whether its roles allow it: all needs, not only the unmet ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..analysis.judge import Judged
from ..findings import escape
from ..findings.finding import AnyOutcome, Finding, Met
from ..findings.needs import Need
from ..findings.rule import Rule
from ..model import Absent, Role
from ..symbolic.values import shown_value

MET, UNMET, UNDECIDED, NO_ROLE = "met", "unmet", "undecided", "no role"


@dataclass(frozen=True)
class Row:
    """One need of the task or service ``owner``: its verdict, and why it is not met or decided."""

    owner: str
    place: str
    principal: str
    role: str
    verdict: str
    purpose: str
    actions: tuple[str, ...]
    resource: str
    why: str = ""


def rows(judged: Sequence[Judged], rules: Sequence[Rule]) -> Iterator[Row]:
    """The needs of all stacks in their default worlds, in the order of owners, roles and rules."""
    found = [
        _row(result, rule, need)
        for result in judged
        for rule in rules
        for part in result.stack.parts
        for need in rule.needs_of(part)
        if need.owner.address not in result.stack.foreign and part.is_of(need.owner, result.stack)
    ]
    yield from sorted(dict.fromkeys(found), key=lambda row: (row.owner, row.place, row.principal))


def _row(result: Judged, rule: Rule, need: Need) -> Row:
    role = result.stack.role_of(need.role)
    record = need.record(result.stack)
    key = rule.id, need.owner.address, need.subject
    verdict, why = _verdict([outcome for outcome in result.outcomes if outcome.key == key], need)
    if isinstance(role, Absent):
        verdict = NO_ROLE
    named = role.address if isinstance(role, Role) else shown_value(need.role) or "none"
    return Row(
        need.owner.address,
        f"{need.owner.span.file}:{need.owner.span.line}",
        need.principal.value,
        named,
        verdict,
        need.purpose,
        record.actions,
        record.resource,
        why,
    )


def _verdict(outcomes: Sequence[AnyOutcome], need: Need) -> tuple[str, str]:
    """The verdict of all worlds; a need that no rule speaks of is in doubt by itself."""
    for outcome in outcomes:
        if isinstance(outcome, Finding):
            return UNMET, f"when {outcome.when}" if outcome.when else ""
        if isinstance(outcome, Met):
            return MET, ""
        return UNDECIDED, outcome.reason.reason
    return UNDECIDED, need.doubt.reason if need.doubt else ""


def render(table: Sequence[Row]) -> str:
    """The table as text: a paragraph for each owner, a line for each role and need."""
    lines: list[str] = []
    head: tuple[str, str] | None = None
    role: tuple[str, str] | None = None
    for row in table:
        if (row.owner, row.place) != head:
            head, role = (row.owner, row.place), None
            lines += [*([""] if lines else []), f"{row.owner}  {row.place}"]
        if (row.principal, row.role) != role:
            role = (row.principal, row.role)
            lines.append(f"  {row.principal} {row.role}")
        on = "" if row.resource == "*" else f" on {row.resource}"
        because = "because " if row.verdict == UNDECIDED else ""
        lines.append(f"    {row.verdict:<10} {row.purpose}")
        lines.append(f"    {'':<10}   {', '.join(row.actions)}{on}")
        lines += [f"    {'':<10}   {because}{row.why}"] if row.why else []
    return "".join(f"{escape.line(line)}\n" for line in lines)
