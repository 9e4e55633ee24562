"""What each task needs, and whether its roles allow it: all needs, not only the unmet ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from ...analysis.judge import Judged
from ...findings.decide import authorization
from ...findings.finding import AnyOutcome, Finding, Met, Phase, Undecided
from ...findings.identity import Key, key, key_of
from ...findings.needs import Need
from ...findings.rule import Rule
from ...findings.sensitive import hidden, hide
from ...findings.wording import named, own_resource
from ...model import Absent, Launch, Policy, Role, Stack
from ...symbolic.answers import Evidence, Yes
from ...symbolic.records import dataclass, field, replace
from ...symbolic.source import NOWHERE, Span
from ...symbolic.values import Unknown, shown_value
from .closing import closing

MET, UNMET, UNDECIDED, NO_ROLE = "met", "unmet", "undecided", "no role"
VERDICTS = (UNMET, NO_ROLE, UNDECIDED, MET)


@dataclass(frozen=True)
class Row:
    """One need of the task or service ``owner``: who must be allowed what, because of which value,
    the verdict, and what it rests on.

    ``why`` follows "when" or "because"; ``closing`` says what would decide it. ``evidence`` is the
    statements that grant it, or what comes nearest; ``message``, ``fix`` and
    ``snippet`` are the finding's.
    """

    rule: str
    owner: str
    place: Span
    task: str
    principal: str
    role: str
    role_place: Span
    phase: Phase
    verdict: str
    purpose: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    targets: tuple[str, ...]
    because: Span
    why: str = ""
    closing: str = ""
    evidence: tuple[Evidence, ...] = ()
    boundary: Evidence | None = None
    message: str = ""
    fix: str = ""
    snippet: str = ""
    help: str = field(default="", compare=False)


def rows(judged: Sequence[Judged], rules: Sequence[Rule]) -> Iterator[Row]:
    """The needs of all stacks in their default worlds, in the order of owners, roles and rules."""
    found = [row for result in judged for row in rows_of(result, rules)]
    yield from sorted(
        dict.fromkeys(found), key=lambda row: (row.owner, str(row.place), row.principal)
    )


def rows_of(result: Judged, rules: Sequence[Rule]) -> Iterator[Row]:
    """The needs of one stack."""
    said = {key(outcome): outcome for outcome in reversed(result.outcomes)}
    for rule in rules:
        for part in result.stack.parts:
            for need in rule.needs_of(part):
                own = need.owner.address not in result.stack.foreign
                if own and part.is_of(need.owner, result.stack):
                    yield _without(result.secrets, _row(result.stack, part, rule, need, said))


def _row(
    stack: Stack,
    part: Stack,
    rule: Rule,
    need: Need,
    said: Mapping[Key, AnyOutcome],
) -> Row:
    role = stack.role_of(need.role)
    record = need.record(stack)
    outcome = said.get(key_of(rule.id, need.owner, need.subject))
    row = Row(
        rule=rule.id,
        owner=need.owner.address,
        place=need.owner.span,
        task=_task(stack, need),
        principal=need.principal.value,
        role=role.address if isinstance(role, Role) else shown_value(need.role) or "none",
        role_place=role.span if isinstance(role, Role) else NOWHERE,
        phase=need.phase,
        verdict=UNDECIDED,
        purpose=need.purpose,
        actions=tuple(dict.fromkeys(record.actions)),
        resources=_resources(part, need),
        targets=_targets(part, need),
        because=need.because,
        boundary=_boundary(role.boundary) if isinstance(role, Role) else None,
        help=rule.help,
    )
    if isinstance(role, Absent):
        return replace(row, verdict=NO_ROLE)
    return _judged(row, part, role if isinstance(role, Role) else None, need, outcome)


def _judged(
    row: Row, stack: Stack, role: Role | None, need: Need, outcome: AnyOutcome | None
) -> Row:
    """With the verdict of all worlds; a need that no rule speaks of is in doubt by itself."""
    if isinstance(outcome, Finding):
        return replace(
            row,
            verdict=UNMET,
            why=outcome.circumstances,
            evidence=tuple(e for e in outcome.related if e.span != row.role_place),
            message=outcome.message,
            fix=outcome.fix.summary if outcome.fix else "",
            snippet=outcome.fix.snippet if outcome.fix else "",
        )
    if isinstance(outcome, Met):
        within = outcome.within.message if outcome.within else ""
        grants = _grants(stack, role, need) if role else ()
        return replace(row, verdict=MET, why=within, evidence=grants)
    doubt = outcome.reason if isinstance(outcome, Undecided) else need.doubt
    if not isinstance(doubt, Unknown):
        return row
    return replace(row, why=doubt.reason, closing=closing(doubt.why))


def _resources(stack: Stack, need: Need) -> tuple[str, ...]:
    """What the actions are to be allowed on; nothing for actions that name no resource."""
    names = dict.fromkeys(named(stack, demand.resource) for demand in need.demands)
    return tuple(name for name in names if name != "*")


def _targets(stack: Stack, need: Need) -> tuple[str, ...]:
    """The addresses of the stack's own resources among them."""
    found = (own_resource(stack, demand.resource) for demand in need.demands)
    return tuple(dict.fromkeys(own.address for own in found if own is not None))


def _task(stack: Stack, need: Need) -> str:
    """The address of the task definition that the need is about, or of its owner."""
    task = need.task
    if task is None and isinstance(need.owner, Launch):
        task = stack.task_of(need.owner)
    return task.address if task is not None else need.owner.address


def _grants(stack: Stack, role: Role, need: Need) -> tuple[Evidence, ...]:
    """The statements that grant the need, where the default world has them."""
    answers = [authorization(stack, role, demand, need.principal) for demand in need.demands]
    found = [e for answer in answers if isinstance(answer, Yes) for e in answer.evidence]
    by_place = {(e.address, e.span): e for e in reversed(found)}
    return tuple(reversed(by_place.values()))


def _boundary(boundary: Policy | None) -> Evidence | None:
    if boundary is None:
        return None
    name = shown_value(boundary.name) or shown_value(boundary.arn)
    return Evidence(f"permissions boundary '{name}'", boundary.attachment, boundary.attached)


def _without(secrets: Collection[str], row: Row) -> Row:
    """The row that shows no secret."""
    if not secrets:
        return row

    def without(text: str) -> str:
        return hidden(text, secrets)

    return replace(
        row,
        role=without(row.role),
        purpose=without(row.purpose),
        why=without(row.why),
        message=without(row.message),
        fix=without(row.fix),
        snippet=without(row.snippet),
        resources=tuple(map(without, row.resources)),
        evidence=tuple(hide(evidence, secrets) for evidence in row.evidence),
        boundary=row.boundary and hide(row.boundary, secrets),
    )


def counts(table: Sequence[Row]) -> dict[str, int]:
    """How many rows there are of each verdict."""
    found = Counter(row.verdict for row in table)
    return {verdict: found[verdict] for verdict in VERDICTS}


def renamed(row: Row, name: Callable[[Span], Span]) -> Row:
    """The row with every place named otherwise."""

    def there(evidence: Evidence) -> Evidence:
        return replace(evidence, span=name(evidence.span))

    return replace(
        row,
        place=name(row.place),
        role_place=name(row.role_place),
        because=name(row.because),
        evidence=tuple(map(there, row.evidence)),
        boundary=row.boundary and there(row.boundary),
    )
