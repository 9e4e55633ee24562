"""One unit, judged: every rule in every world, and what the worlds say together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from ..adapters.units import Unit
from ..findings.finding import AnyOutcome, Finding, Met, Severity, Undecided
from ..findings.fixing import drafted
from ..findings.rule import Rule
from ..findings.sensitive import secrets_in
from ..findings.sources import Sources
from ..model import Cluster, Launch, ModuleCall, Resource, Role, Stack, TaskDefinition
from ..symbolic.budget import OverBudget, charge, current, of_unit
from ..symbolic.faults import Fault, collected, contained, describe, tell
from ..symbolic.source import Span
from ..symbolic.terms import Term
from ..symbolic.values import Unknown, Why
from ..symbolic.worlds import PathCondition, Scenario, explore
from .diagnostics import cut_short, failed
from .outside import Outside

_INDEX = re.compile(r"\[[^\]]*\]")
_BRACES = re.compile(r"(\$?\{|\})")
#: The most steps of the unit's budget that one rule takes in one world.
RULE_STEPS = 700_000
#: What one more resource adds to the budgets of a rule and of its unit, so that a large estate is
#: judged like a small one (measured: 470 and 780 of plain services).
PER_RESOURCE = (500, 1_000)
#: Stands for a hole in a text that is compared with another.
_HOLE = "\0"
#: What rules go through one by one; and how many of them a rule may fail at before it is lost.
_JUDGED, MAX_PASSED_OVER = (TaskDefinition, Launch, Cluster, Role), 20
#: (rule, owner, subject): what an outcome is about, in whatever world.
_Key = tuple[str, str, str]


@dataclass(frozen=True)
class Judged:
    """A unit's stack in the default world, its outcomes over all worlds, and the faults of our own
    that cost some of them."""

    stack: Stack
    outcomes: tuple[AnyOutcome, ...]
    secrets: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()


def judge(
    unit: Unit,
    rules: Sequence[Rule],
    outside: Outside = Outside(),
    sources: Sources | None = None,
) -> Judged:
    """Put the rules to the unit in each of its worlds; ``outside`` is what is known of what it does
    not hold, ``sources`` the texts that fixes are written into. Raises only what the front end
    raises."""
    with collected() as faults, of_unit() as budget:
        scenarios = explore(lambda path_condition: _built(unit, outside, path_condition))
        budget.grant(PER_RESOURCE[1] * len(scenarios[0].built.resources))
        evaluated: list[tuple[Stack, tuple[AnyOutcome, ...]]] = []
        worlds = [
            _World(scenario, evaluate_rules(scenario.built, rules, evaluated))
            for scenario in scenarios
        ]
        texts = sources or Sources(lambda file: "")
        asking = frozenset(rule.id for rule in rules if rule.needs is not None)
        merged = merge_worlds(worlds, unit.reusable, asking)
        said = [_with_edits(one, texts) for one in merged]
        secrets = secrets_in(value for scenario in scenarios for value in scenario.built.secrets)
    outcomes, stack = (*said, *map(failed, faults)), scenarios[0].built
    if budget.is_spent:
        stack = replace(stack, unread=(*stack.unread, OverBudget().unknown))
    return Judged(stack, outcomes, secrets, tuple(faults))


def _built(unit: Unit, outside: Outside, path_condition: PathCondition) -> Stack:
    stack = unit.stack(path_condition)
    try:
        return outside.completed(stack)
    except OverBudget:
        return stack


def _with_edits(outcome: AnyOutcome, sources: Sources) -> AnyOutcome:
    """The outcome, a finding with the edits of its fix. One that cannot be made for a fault of our
    own leaves the finding, and is told."""
    if not isinstance(outcome, Finding) or outcome.fix is None:
        return outcome
    finding, without = outcome, replace(outcome, fix=replace(outcome.fix, draft=None))
    return contained(
        lambda: drafted(finding, sources),
        lambda why: without,
        f"the fix of {outcome.rule} for '{outcome.owner.address}'",
        outcome.span,
    )


def evaluate_rules(
    stack: Stack, rules: Sequence[Rule], evaluated: list[tuple[Stack, tuple[AnyOutcome, ...]]]
) -> tuple[AnyOutcome, ...]:
    """What the rules say of the stack; of one that was ``evaluated`` already, what they said
    then."""
    for other, said in evaluated:
        if other == stack:
            return said
    evaluated.append((stack, tuple(outcomes(rules, stack))))
    return evaluated[-1][1]


def outcomes(rules: Iterable[Rule], stack: Stack) -> Iterator[AnyOutcome]:
    """What the rules say of one stack, but for what belongs to others; of each part as its own
    place has it. What a rule raises at is told as a fault, and the rest is judged."""
    for rule, part in product(rules, stack.parts):
        for outcome in _said(rule, part):
            if outcome.owner.address in stack.foreign or not part.is_of(outcome.owner, stack):
                continue
            if isinstance(outcome, Finding):
                yield replace(outcome, callers=callers(stack, outcome.owner))
            else:
                yield outcome


def _said(rule: Rule, part: Stack) -> Iterator[AnyOutcome]:
    """What one rule says. Where it raises it is put again to the stack without the resource that it
    was at, as long as one is known; so its fault costs what it would say of that alone."""
    while True:
        said: list[AnyOutcome] = []
        try:
            with current().share(RULE_STEPS + PER_RESOURCE[0] * len(part.resources)):
                for outcome in rule.check(rule, part):
                    charge(20)
                    said += () if outcome is None else (outcome,)
            break
        except OverBudget as over:
            said += (cut_short(rule, owner, over) for owner in _subjects(part))
            break
        except Exception as error:  # a rule's fault must not hide what others find
            culprit = _at(error, part) if len(part.passed_over) < MAX_PASSED_OVER else None
            files = part.files or (part.name,)
            whole = Fault(part.name, describe(error), Span(files[0], 1, 1, 1, 1), files, rule.id)
            if not tell(
                replace(whole, subject=culprit.address, span=culprit.span, files=())
                if culprit
                else whole
            ):
                raise
            if culprit is None:
                break
            part = replace(part, passed_over=part.passed_over | {culprit.address})
    yield from said


def _subjects(part: Stack) -> Iterator[Resource]:
    """Whom it is said of that a rule did not get to the end."""
    own = (r for r in (*part.task_definitions, *part.launches) if r.address not in part.foreign)
    yield from list(own)[:1]


def _at(error: Exception, part: Stack) -> Resource | None:
    """The resource that a rule was at when it raised: the first that the way to the error holds."""
    place = error.__traceback__
    while place is not None:
        ours = place.tb_frame.f_code.co_filename == __file__
        for value in () if ours else place.tb_frame.f_locals.values():
            for one in (value, getattr(value, "owner", None)):
                if isinstance(one, _JUDGED) and one.address not in part.passed_over:
                    return one
        place = place.tb_next
    return None


def callers(stack: Stack, owner: Resource) -> tuple[ModuleCall, ...]:
    """The calls that lead to the owner's module or nested stack, outermost first."""
    chain = [
        call for address, call in stack.calls.items() if owner.address.startswith(f"{address}.")
    ]
    return tuple(sorted(chain, key=lambda call: len(call.address)))


def _gravity(outcome: AnyOutcome) -> int:
    """A finding before a doubt before a proof."""
    return (Finding, Undecided, Met).index(type(outcome))


class _World:
    """A scenario's findings, and its gravest verdict on each key."""

    def __init__(self, scenario: Scenario[Stack], said: Sequence[AnyOutcome]) -> None:
        self.scenario = scenario
        self.findings = {_identity(o): o for o in reversed(said) if isinstance(o, Finding)}
        self.verdicts: dict[_Key, AnyOutcome] = {}
        for outcome in sorted(said, key=_gravity):
            self.verdicts.setdefault(outcome.key, outcome)


def merge_worlds(
    worlds: Sequence[_World], reusable: bool, asking: Collection[str]
) -> Iterator[AnyOutcome]:
    """What the worlds say together; ``asking`` are the rules that put needs to IAM."""
    default, *others = sorted(
        worlds, key=lambda w: (w.scenario.choice is not None, w.scenario.deviates)
    )
    decision_points: dict[Term, list[_World]] = defaultdict(list)
    for world in others:
        if world.scenario.choice is not None:
            decision_points[world.scenario.choice.symbol].append(world)

    found = dict(default.findings)
    settled = {finding.key for finding in found.values()}
    for world in others:
        assert world.scenario.choice is not None
        siblings = decision_points[world.scenario.choice.symbol]
        known: dict[tuple[object, ...], list[str]] = defaultdict(list)
        for finding in found.values():
            known[cross_world_key(finding)].append(finding.subject)
        for identity, finding in world.findings.items():
            told = identity in found or _is_among(known[cross_world_key(finding)], finding.subject)
            if not told and reusable and refuted_by_sibling(siblings, finding.key):
                continue
            settled.add(finding.key)
            if told:
                continue
            always = _all_answers(siblings) and all(identity in w.findings for w in siblings)
            found[identity] = finding if always else _seen_in(world, default, finding)
    yield from found.values()

    open_worlds = [w for w in others if not w.scenario.deviates]
    counted = set(settled)
    for key in dict.fromkeys(key for w in (default, *open_worlds) for key in w.verdicts):
        counted.add(key)
        if key not in settled:
            yield from _by_answers(decision_points, default, key) or (
                _unsettled(
                    default.verdicts.get(key)
                    or min(
                        (w.verdicts[key] for w in open_worlds if key in w.verdicts), key=_gravity
                    )
                ),
            )
    elsewhere = _only_elsewhere(default, others, counted)
    yield from (outcome for outcome in elsewhere if outcome.rule in asking)


def _by_answers(
    decision_points: dict[Term, list[_World]], default: _World, key: _Key
) -> tuple[AnyOutcome, ...]:
    """What is said of a need that no default decides: where the answers to one question prove it in
    all of their worlds, or in some, a proof, and a doubt for each of the others. The question is
    the one that leaves the fewest doubts; none, when no answer proves anything."""
    if isinstance(default.verdicts.get(key), Met):
        return ()
    best: tuple[AnyOutcome, ...] = ()
    for worlds in decision_points.values():
        said = [(world, world.verdicts[key]) for world in worlds if key in world.verdicts]
        proofs = [verdict for _, verdict in said if isinstance(verdict, Met)]
        if not proofs or not _all_answers(worlds):
            continue
        doubts = [
            _doubted_in(world, default, doubt)
            for world, verdict in said
            if isinstance(doubt := _unsettled(verdict), Undecided)
        ]
        if not best or len(doubts) + 1 < len(best):
            best = (proofs[0], *doubts)
    return best


def _only_elsewhere(
    default: _World, others: Sequence[_World], counted: set[_Key]
) -> Iterator[AnyOutcome]:
    """The needs that only another choice than the default's brings: they are none by default, but
    they are in the code. What stands where a need stands already is that need with other values."""
    places = {_place(verdict) for verdict in default.verdicts.values()}
    places |= {_place(w.verdicts[key]) for w in others for key in counted & w.verdicts.keys()}
    for world in others:
        for verdict in world.verdicts.values():
            if isinstance(verdict, Finding) or _place(verdict) in places:
                continue
            places.add(_place(verdict))
            yield (
                _doubted_in(world, default, verdict) if isinstance(verdict, Undecided) else verdict
            )


def _place(outcome: AnyOutcome) -> tuple[object, ...]:
    owner = _INDEX.sub("", outcome.owner.address)
    return outcome.rule, owner, outcome.span.file, outcome.span.line, outcome.span.column


def _doubted_in(world: _World, default: _World, verdict: Undecided) -> Undecided:
    reason = replace(
        verdict.reason, reason=f"when {_when(world, default)}: {verdict.reason.reason}"
    )
    return replace(verdict, reason=reason)


def _identity(finding: Finding) -> tuple[object, ...]:
    """Two findings of one key are two faults when they stand at two places or are of two roles."""
    return (*finding.key, finding.span, finding.need.role if finding.need else "")


def cross_world_key(finding: Finding) -> tuple[object, ...]:
    """What a fault keeps from world to world: in one that decides a ``count`` or ``for_each``, the
    resource has an index that it lacks elsewhere, and a conditional's side stands in its own
    column."""
    return finding.rule, _INDEX.sub("", finding.owner.address), finding.span.file, finding.span.line


def _is_among(subjects: Iterable[str], subject: str) -> bool:
    """Is it one of them, seen in another world? What one world knows may be a hole in another's
    text."""
    return any(_may_read(subject, other) or _may_read(other, subject) for other in subjects)


def _may_read(subject: str, other: str) -> bool:
    """Can the subject read as the other does, as far as its ``${holes}`` leave it open?"""
    start, *remainder = _written(_INDEX.sub("", subject))
    text = _HOLE.join(_written(_INDEX.sub("", other)))
    if not remainder or not text.startswith(start):
        return not remainder and text == start
    *middle, end = remainder
    at = len(start)
    for word in middle:
        at = text.find(word, at) + len(word)
        if at < len(word):
            return False
    return text.endswith(end) and len(text) - len(end) >= at


def _written(subject: str) -> list[str]:
    """What is written before, between and after the holes of a text."""
    words, depth = [""], 0
    for token in _BRACES.split(subject):
        if token == "${" or (depth and token == "{"):
            words += [] if depth else [""]
            depth += 1
        elif depth:
            depth -= token == "}"
        else:
            words[-1] += token
    return words


def _seen_in(world: _World, default: _World, finding: Finding) -> Finding:
    """The finding of another world: it says when; what overrides a default makes it a risk only."""
    mild = world.scenario.deviates and finding.severity is Severity.ERROR
    return replace(
        finding,
        when=_when(world, default),
        severity=Severity.WARNING if mild else finding.severity,
    )


def _when(world: _World, default: _World) -> str:
    """What another world chooses: the conditions that it decides otherwise, else its choice."""
    base = default.scenario.built.sides
    sides = [
        f"{name} is {'true' if side else 'false'}"
        for name, side in world.scenario.built.sides
        if (name, side) not in base
    ]
    return " and ".join(sides) or str(world.scenario.choice)


def _all_answers(worlds: Sequence[_World]) -> bool:
    """Are these all the answers to their question? Not when one is the default's, or was cut
    off."""
    return len(worlds) == worlds[0].scenario.alternatives and not worlds[0].scenario.deviates


def refuted_by_sibling(siblings: list[_World], key: _Key) -> bool:
    """May another answer to the same question be without the fault, though it has what the fault is
    about?"""
    return not _all_answers(siblings) or any(
        isinstance(w.verdicts.get(key), (Met, Undecided)) for w in siblings
    )


def _unsettled(verdict: AnyOutcome) -> AnyOutcome:
    """A fault that only one answer of a reusable module's caller brings is for the caller to
    know."""
    if not isinstance(verdict, Finding):
        return verdict
    reason = Unknown("it depends on what the module's caller passes", why=Why.CONDITION)
    return Undecided(
        rule=verdict.rule,
        owner=verdict.owner,
        subject=verdict.subject,
        span=verdict.span,
        need=verdict.need,
        reason=reason,
    )
