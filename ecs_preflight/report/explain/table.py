"""What each task needs, and whether its roles allow it: all needs, not only the unmet ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import product

from ...analysis.judge import Judged
from ...analysis.subsumption import drop_subsumed
from ...findings.decide import authorization
from ...findings.finding import AnyOutcome, Finding, Met, Phase, is_need, page_of
from ...findings.identity import Key, key, key_of
from ...findings.needs import Need
from ...findings.rule import Rule
from ...findings.sensitive import hidden, hide
from ...findings.wording import named, own_resource
from ...model import Absent, Launch, Policy, Role, Stack
from ...symbolic.answers import Evidence, Yes
from ...symbolic.records import dataclass, field, replace
from ...symbolic.source import NOWHERE, Span
from ...symbolic.values import shown_value
from .closing import closing

MET, UNMET, UNDECIDED, NO_ROLE = "met", "unmet", "undecided", "no role"
VERDICTS = (UNMET, NO_ROLE, UNDECIDED, MET)


@dataclass(frozen=True)
class Row:
    """One need of the task or service ``owner``: who must be allowed what, because of which value,
    the verdict, and what it rests on.

    ``phase`` is None where no finding tells it; principal, role and actions are those of rules that
    put needs to IAM. ``why`` follows "when" or "because"; ``closing`` says what would decide it.
    ``evidence`` is the statements that grant it, or what comes nearest; ``message``, ``fix`` and
    ``snippet`` are the finding's.
    """

    rule: str
    owner: str
    place: Span
    task: str
    principal: str
    role: str
    role_place: Span
    phase: Phase | None
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
        dict.fromkeys(found),
        key=lambda row: (row.owner, str(row.place), not row.principal, row.principal),
    )


def rows_of(result: Judged, rules: Sequence[Rule]) -> Iterator[Row]:
    """The needs of one stack, each that a scan counts, with what the default world derives of it.
    Besides, those of which a scan says no more than that the role is missing."""
    stack, derived = result.stack, _derived(result.stack, rules)
    told: set[Key] = set()
    for outcome in drop_subsumed(result.outcomes):
        if is_need(outcome):
            told.add(key(outcome))
            known = derived.get(key(outcome))
            row = _bare(outcome) if known is None else _row(stack, known)
            yield _without(result.secrets, _judged(row, known, outcome))
    for about, known in derived.items():
        if about not in told and isinstance(stack.role_of(known.need.role), Absent):
            yield _without(result.secrets, replace(_row(stack, known), verdict=NO_ROLE))


@dataclass(frozen=True)
class _Derived:
    """A need of the default world, and the part of the stack that has it."""

    rule: Rule
    part: Stack
    need: Need


def _derived(stack: Stack, rules: Sequence[Rule]) -> dict[Key, _Derived]:
    found: dict[Key, _Derived] = {}
    for rule, part in product(rules, stack.parts):
        for need in rule.needs_of(part):
            if part.judges(need.owner):
                about = key_of(rule.id, need.owner, need.subject)
                found.setdefault(about, _Derived(rule, part, need))
    return found


def _row(stack: Stack, known: _Derived) -> Row:
    need, rule = known.need, known.rule
    role = stack.role_of(need.role)
    return Row(
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
        actions=tuple(dict.fromkeys(need.record(stack).actions)),
        resources=_resources(known.part, need),
        targets=_targets(known.part, need),
        because=need.because,
        boundary=_boundary(role.boundary) if isinstance(role, Role) else None,
        help=rule.help,
    )


def _bare(outcome: AnyOutcome) -> Row:
    """What another world has, or a rule that puts nothing to IAM: as much as the outcome tells."""
    need = outcome.need
    on = need.on if need else "*"
    return Row(
        rule=outcome.rule,
        owner=outcome.owner.address,
        place=outcome.owner.span,
        task=outcome.owner.address,
        principal=need.principal.value if need else "",
        role=need.role if need else "",
        role_place=NOWHERE,
        phase=outcome.phase if isinstance(outcome, Finding) else None,
        verdict=UNDECIDED,
        purpose=f"{shown_value(outcome.subject)} ({outcome.rule})",
        actions=need.actions if need else (),
        resources=(on,) if on != "*" else (),
        targets=(),
        because=outcome.span,
        help=page_of(outcome.rule),
    )


def _judged(row: Row, known: _Derived | None, outcome: AnyOutcome) -> Row:
    """With the verdict of all worlds."""
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
        return replace(row, verdict=MET, why=within, evidence=_grants(known) if known else ())
    return replace(row, why=outcome.reason.reason, closing=closing(outcome.reason.why))


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


def _grants(known: _Derived) -> tuple[Evidence, ...]:
    """The statements that grant the need, where the default world has them."""
    stack, need = known.part, known.need
    role = stack.role_of(need.role)
    if not isinstance(role, Role):
        return ()
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
