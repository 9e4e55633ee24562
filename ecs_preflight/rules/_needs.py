"""The check that every rule about permissions shares: put each of its needs to IAM."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings.decide import outcome
from ..findings.finding import AnyOutcome
from ..findings.rule import Rule
from ..model import Stack


def check_needs(rule: Rule, stack: Stack) -> Iterator[AnyOutcome | None]:
    """One outcome for each need of the rule."""
    for need in rule.needs_of(stack):
        yield outcome(rule, stack, need)
