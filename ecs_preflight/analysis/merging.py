"""What the worlds of one unit say together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

from ..findings.finding import AnyOutcome, Finding, Met, Severity, Undecided, Whose
from ..findings.identity import (
    Key,
    is_same_subject,
    key,
    occurrence,
    place,
    role_site,
    site,
    without_index,
)
from ..model import Stack
from ..symbolic.records import replace
from ..symbolic.terms import Term, terms_in
from ..symbolic.values import Unknown, Value, Why
from ..symbolic.worlds import Scenario


def _gravity(outcome: AnyOutcome) -> int:
    """A finding before a doubt before a proof."""
    return (Finding, Undecided, Met).index(type(outcome))


class World:
    """A scenario's findings, and its gravest verdict on each key."""

    def __init__(self, scenario: Scenario[Stack], said: Sequence[AnyOutcome]) -> None:
        self.scenario = scenario
        self.findings = {occurrence(o): o for o in reversed(said) if isinstance(o, Finding)}
        self.verdicts: dict[Key, AnyOutcome] = {}
        for outcome in sorted(said, key=_gravity):
            self.verdicts.setdefault(key(outcome), outcome)

    @cached_property
    def open_places(self) -> set[tuple[object, ...]]:
        """Where there is a doubt, which another world's, of another name, repeats."""
        return {place(each) for each in self.verdicts.values() if isinstance(each, Undecided)}

    @cached_property
    def lacking(self) -> Counter[object]:
        """How many needs of a role are unmet at a place."""
        return Counter(map(role_site, self.findings.values()))

    def align(self, default: World) -> None:
        """Has what is said of a resource under the name that it has by default, where its ``count``
        is not known."""
        verdicts, self.verdicts = self.verdicts, {}
        for about, verdict in verdicts.items():
            bare = without_index(about)
            known = about in default.verdicts or bare not in default.verdicts
            self.verdicts.setdefault(about if known else bare, verdict)


def merge_worlds(
    worlds: Sequence[World], reusable: bool, asking: Collection[str]
) -> Iterator[AnyOutcome]:
    """What the worlds say together; ``asking`` are the rules that put needs to IAM."""
    default, *others = sorted(
        worlds, key=lambda w: (w.scenario.choice is not None, w.scenario.deviates)
    )
    decision_points: dict[Term, list[World]] = defaultdict(list)
    for world in others:
        world.align(default)
        if world.scenario.choice is not None:
            decision_points[world.scenario.choice.symbol].append(world)

    found = dict(default.findings)
    settled = {key(finding) for finding in found.values()}
    for world in others:
        assert world.scenario.choice is not None
        siblings = decision_points[world.scenario.choice.symbol]
        known: dict[tuple[object, ...], list[Value]] = defaultdict(list)
        for finding in found.values():
            known[site(finding)].append(finding.subject)
        for identity, finding in world.findings.items():
            told = (
                identity in found
                or any(is_same_subject(finding.subject, other) for other in known[site(finding)])
                or _is_with_other_values(finding, world, default)
            )
            if not told and reusable and refuted_by_sibling(siblings, key(finding)):
                continue
            settled.add(key(finding))
            if told or _is_in_what_is_passed(world, siblings, finding, reusable):
                continue
            always = _all_answers(siblings) and all(identity in w.findings for w in siblings)
            found[identity] = finding if always else _seen_in(world, default, finding)
    yield from found.values()

    open_worlds = [w for w in others if not w.scenario.deviates]
    counted = set(settled)
    for about in dict.fromkeys(about for w in (default, *open_worlds) for about in w.verdicts):
        counted.add(about)
        said = [w.verdicts[about] for w in (default, *open_worlds) if about in w.verdicts]
        if about not in default.verdicts and all(
            isinstance(each, Undecided) and place(each) in default.open_places for each in said
        ):
            continue
        if about not in settled and not _is_answered(decision_points, default, about):
            yield from _by_answers(decision_points, default, about) or (
                _unsettled(
                    default.verdicts.get(about)
                    or min(
                        (w.verdicts[about] for w in open_worlds if about in w.verdicts),
                        key=_gravity,
                    )
                ),
            )
    elsewhere = _only_elsewhere(default, others, counted)
    yield from (outcome for outcome in elsewhere if outcome.rule in asking)


def _is_with_other_values(finding: Finding, world: World, default: World) -> bool:
    """Is it what the default world says at its place of the same role, with other values in the
    name of the resource? So it is where this world has no more of these."""
    where = role_site(finding)
    return where is not None and 0 < world.lacking[where] <= default.lacking[where]


def _by_answers(
    decision_points: dict[Term, list[World]], default: World, about: Key
) -> tuple[AnyOutcome, ...]:
    """What is said of a need that no default decides: where the answers to one question prove it in
    all of their worlds, or in some, a proof, and a doubt for each of the others. The question is
    the one that leaves the fewest doubts; none, when no answer proves anything."""
    if isinstance(default.verdicts.get(about), Met):
        return ()
    best: tuple[AnyOutcome, ...] = ()
    for worlds in decision_points.values():
        said = [(world, world.verdicts[about]) for world in worlds if about in world.verdicts]
        proofs = [verdict for _, verdict in said if isinstance(verdict, Met)]
        if not proofs or not _all_answers(worlds):
            continue
        doubts = [
            _doubted_in(world, default, doubt)
            for world, verdict in said
            if isinstance(doubt := _unsettled(verdict), Undecided)
            and not _is_not_given(world, doubt)
        ]
        if not best or len(doubts) + 1 < len(best):
            best = (proofs[0], *doubts)
    return best


def _is_not_given(world: World, doubt: Undecided) -> bool:
    """Is there a doubt but for the empty input that the world tries? Nothing is needed there of
    what the input would name."""
    choice = world.scenario.choice
    return (
        choice is not None
        and choice.value in (None, "")
        and not choice.other
        and (doubt.reason.symbol == choice.symbol)
    )


def _is_answered(decision_points: dict[Term, list[World]], default: World, about: Key) -> bool:
    """Does a doubt of the default world hang on a question of which every answer dispels it? What
    there is instead is said in their worlds."""
    doubt = default.verdicts.get(about)
    return isinstance(doubt, Undecided) and any(
        _all_answers(worlds)
        and not any(about in w.verdicts or place(doubt) in w.open_places for w in worlds)
        for worlds in decision_points.values()
    )


def _only_elsewhere(
    default: World, others: Sequence[World], counted: set[Key]
) -> Iterator[AnyOutcome]:
    """The needs that only another choice than the default's brings: they are none by default, but
    they are in the code. What stands where a need stands already is that need with other values."""
    places = {place(verdict) for verdict in default.verdicts.values()}
    places |= {place(w.verdicts[about]) for w in others for about in counted & w.verdicts.keys()}
    for world in others:
        for verdict in world.verdicts.values():
            if isinstance(verdict, Finding) or place(verdict) in places:
                continue
            if isinstance(verdict, Undecided) and _is_not_given(world, verdict):
                continue
            places.add(place(verdict))
            yield (
                _doubted_in(world, default, verdict) if isinstance(verdict, Undecided) else verdict
            )


def _doubted_in(world: World, default: World, verdict: Undecided) -> Undecided:
    reason = replace(
        verdict.reason, reason=f"when {_when(world, default)}: {verdict.reason.reason}"
    )
    return replace(verdict, reason=reason)


def _seen_in(world: World, default: World, finding: Finding) -> Finding:
    """The finding of another world: it says when; what overrides a default makes it a risk only."""
    mild = world.scenario.deviates and finding.severity is Severity.ERROR
    return replace(
        finding,
        when=_when(world, default),
        severity=Severity.WARNING if mild else finding.severity,
    )


def _when(world: World, default: World) -> str:
    """What another world chooses: the conditions that it decides otherwise, else its choice."""
    base = default.scenario.built.sides
    sides = [
        f"{name} is {'true' if side else 'false'}"
        for name, side in world.scenario.built.sides
        if (name, side) not in base
    ]
    return " and ".join(sides) or str(world.scenario.choice)


def _all_answers(worlds: Sequence[World]) -> bool:
    """Are these all the answers to their question? Not when one is the default's, or was cut
    off."""
    return len(worlds) == worlds[0].scenario.alternatives and not worlds[0].scenario.deviates


def _is_in_what_is_passed(
    world: World, siblings: list[World], finding: Finding, reusable: bool
) -> bool:
    """Is it no fault of the code but of its inputs: of one of several that go together, or of the
    very value that a caller passes, where another one will do? A root's caller is asked for nothing
    but values that are refused as such: what a value calls for is the code's to have."""
    scenario = world.scenario
    if scenario.deviates and scenario.choice is not None and finding.inputs:
        return any(scenario.choice.symbol not in terms_in(each) for each in finding.inputs)
    if finding.whose is Whose.CALLER and scenario.deviates:
        return True
    is_passed = finding.span in scenario.places and (reusable or finding.whose is Whose.VALUE)
    is_theirs = is_passed or finding.whose is Whose.CALLER
    return is_theirs and not all(key(finding) in map(key, w.findings.values()) for w in siblings)


def refuted_by_sibling(siblings: list[World], about: Key) -> bool:
    """May another answer to the same question be without the fault, though it has what the fault is
    about?"""
    return not _all_answers(siblings) or any(
        isinstance(w.verdicts.get(about), (Met, Undecided)) for w in siblings
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
