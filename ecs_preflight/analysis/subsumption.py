"""What the worlds of one stack say twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..findings.finding import AnyOutcome, Finding, Met, Undecided


def drop_subsumed(outcomes: Sequence[AnyOutcome]) -> Iterator[AnyOutcome]:
    """Without what a world that knows more of a resource's name repeats: ``secret:prod/db`` is no
    need besides ``secret:${var.env}/db`` of the same line, unless its verdict is graver."""
    open_names: dict[object, list[AnyOutcome]] = {}
    for outcome in outcomes:
        if outcome.need is not None and "${" in outcome.need.resource:
            open_names.setdefault(_line_of_need(outcome), []).append(outcome)
    for outcome in outcomes:
        if not any(_echoes(outcome, other) for other in open_names.get(_line_of_need(outcome), ())):
            yield outcome


def _line_of_need(outcome: AnyOutcome) -> object:
    need = outcome.need
    return need and (outcome.rule, outcome.owner.address, outcome.span, need.principal, need.role)


def _echoes(outcome: AnyOutcome, other: AnyOutcome) -> bool:
    need, general = outcome.need, other.need
    if need is None or general is None or need.resource == general.resource:
        return False
    if isinstance(outcome, Finding):
        if not isinstance(other, Finding) or need.actions != general.actions:
            return False
    elif isinstance(outcome, Undecided) and isinstance(other, Met):
        return False
    return _spells_out(re.split(r"\$\{[^{}]*\}", general.resource), need.resource)


def _spells_out(known: Sequence[str], text: str) -> bool:
    """Is the text what is ``known``, in order, with something between each two? Each is taken where
    it comes first: what is left for the others is then most."""
    first, *inner = known
    if not inner:
        return text == first
    last = inner.pop()
    if not text.startswith(first):
        return False
    at = len(first)
    for part in inner:
        found = text.find(part, at + 1)
        if found < 0:
            return False
        at = found + len(part)
    return text.endswith(last) and len(text) - len(last) > at
