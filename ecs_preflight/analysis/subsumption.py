"""What the worlds of one stack say twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..findings.finding import AnyOutcome
from ..findings.identity import repeats, role_site
from ..symbolic.values import literal


def drop_subsumed(outcomes: Sequence[AnyOutcome]) -> Iterator[AnyOutcome]:
    """Without those that repeat another (see ``repeats``)."""
    general: dict[object, list[AnyOutcome]] = {}
    for outcome in outcomes:
        if outcome.need is not None and literal(outcome.need.resource) is None:
            general.setdefault(role_site(outcome), []).append(outcome)
    for outcome in outcomes:
        if not any(repeats(outcome, other) for other in general.get(role_site(outcome), ())):
            yield outcome
