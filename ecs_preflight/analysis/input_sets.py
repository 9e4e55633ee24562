"""What the input sets of one unit say together: a need is met that each set meets, and a fault is
one that any set has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from ..adapters.units import Configurable, InputSet, Unit
from ..findings.finding import AnyOutcome, Finding, Met
from ..findings.identity import is_same_subject, key, occurrence, of_role, place, site
from ..findings.wording import quoted
from ..symbolic.records import dataclass, replace
from ..symbolic.values import Value
from .subsumption import drop_subsumed

#: What is said of one thing, by the number of the set: of one set but one outcome.
_About = dict[int, AnyOutcome]


def _is_same(about: _About, outcome: AnyOutcome) -> bool:
    """Is the outcome about the same, as far as the values tell?"""
    return any(is_same_subject(each.subject, outcome.subject) for each in about.values())


def _is_one_fault(about: _About, outcome: AnyOutcome) -> bool:
    """May they be one need with other values? Two faults are told, rather than one."""
    return not isinstance(outcome, Finding) or not any(
        isinstance(each, Finding) for each in about.values()
    )


#: By what the outcomes of two sets are the same, the surest first: where nothing else is left, what
#: stands at one place, or, as values of the files do, elsewhere, is one need with other values.
_SAME: tuple[tuple[Callable[[AnyOutcome], object], Callable[[_About, AnyOutcome], bool]], ...] = (
    (occurrence, lambda about, outcome: True),
    (of_role, lambda about, outcome: True),
    (key, lambda about, outcome: True),
    (place, _is_same),
    (place, _is_one_fault),
    (lambda outcome: site(outcome)[:2], _is_one_fault),
)


@dataclass(frozen=True)
class SetOutcomes:
    """What is said of a unit with one of its input sets."""

    inputs: InputSet
    said: tuple[AnyOutcome, ...]


def sets_of(unit: Unit) -> tuple[InputSet, ...]:
    """The unit with each of its input sets, at least as it is."""
    found = unit.input_sets() if isinstance(unit, Configurable) else ()
    return found or (InputSet("", unit),)


def merge_sets(judged: Sequence[SetOutcomes]) -> Iterator[AnyOutcome]:
    """What the sets say together; as they are, of a single one. The first is the code by itself."""
    if len(judged) == 1:
        yield from judged[0].said
        return
    judged = [replace(each, said=tuple(drop_subsumed(each.said))) for each in judged]
    for about in _aligned(judged):
        yield from _merged(about, judged)


def _aligned(judged: Sequence[SetOutcomes]) -> list[_About]:
    """What the sets say, each thing together."""
    found: list[_About] = []
    for number, each in enumerate(judged):
        left = list(each.said)
        for same, fits in _SAME if number else ():
            open_ones: dict[object, list[_About]] = defaultdict(list)
            for about in found:
                if number not in about:
                    for name in dict.fromkeys(map(same, about.values())):
                        open_ones[name].append(about)
            remaining = []
            for outcome in left:
                open_now = (a for a in open_ones[same(outcome)] if number not in a)
                match = next((about for about in open_now if fits(about, outcome)), None)
                if match is None:
                    remaining.append(outcome)
                else:
                    match[number] = outcome
            left = remaining
        found += ({number: outcome} for outcome in left)
    return found


def _merged(about: dict[int, AnyOutcome], judged: Sequence[SetOutcomes]) -> Iterator[AnyOutcome]:
    """The gravest that is said of one thing, and with which sets, faults once for each place where
    they stand; nothing where only the code by itself says anything, which nobody deploys."""
    counted = {n: o for n, o in about.items() if judged[n].inputs.is_deployed}
    if not counted:
        return
    worst = min(map(_gravity, counted.values()))
    alike = {n: o for n, o in sorted(about.items()) if _gravity(o) == worst}
    subject = about[min(about)].subject
    if isinstance(about[next(iter(alike))], Finding):
        by_place: dict[object, _About] = defaultdict(dict)
        for number, outcome in alike.items():
            by_place[outcome.span][number] = outcome
        groups = list(by_place.values())
    else:
        groups = [{n: o for n, o in alike.items() if n in counted}]
    for group in groups:
        yield _told(group, subject, judged)


def _told(group: _About, subject: Value, judged: Sequence[SetOutcomes]) -> AnyOutcome:
    told = replace(next(iter(group.values())), subject=subject)
    sets = tuple(name for n in group if (name := judged[n].inputs.name))
    names = [each.inputs.name for each in judged if each.inputs.name]
    by_itself = 0 in group and judged[0].inputs.is_deployed
    if isinstance(told, Met) or not sets or by_itself or (0 in group and len(sets) == len(names)):
        return told
    if isinstance(told, Finding):
        return replace(told, sets=sets)
    reason = replace(told.reason, reason=f"with {quoted(sets)}: {told.reason.reason}")
    return replace(told, sets=sets, reason=reason)


def _gravity(outcome: AnyOutcome) -> tuple[int, int, bool]:
    """A finding before a doubt before a proof; of findings the gravest, and one without a condition
    first; a proof within a boundary that is out of sight before any other."""
    if isinstance(outcome, Finding):
        return 0, outcome.severity.rank, outcome.when is not None
    if isinstance(outcome, Met):
        return 2, 0, outcome.within is None
    return 1, 0, False
