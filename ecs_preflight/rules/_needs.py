"""The checks that rules about permissions share: put each need to IAM, and each that there may
be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.unknown_parts import UnknownPart
from ..findings.decide import outcome
from ..findings.finding import AnyOutcome, Met, Phase
from ..findings.needs import Need, demands
from ..findings.rule import Rule
from ..model import Principal, Stack
from ..symbolic.values import Unknown


def check_needs(rule: Rule, stack: Stack) -> Iterator[AnyOutcome | None]:
    """One outcome for each need of the rule."""
    for need in rule.needs_of(stack):
        yield outcome(rule, stack, need)


def check_possible(
    rule: Rule,
    stack: Stack,
    parts: Iterable[UnknownPart],
    actions: Iterable[str],
    principal: Principal = Principal.EXECUTION,
) -> Iterator[AnyOutcome]:
    """What the parts may need: met where the role may do it on whatever that is."""
    wanted = tuple(actions)
    for part in parts:
        anything = Unknown(part.reason.reason, why=part.reason.why, span=part.reason.span)
        need = Need(
            owner=part.owner,
            principal=principal,
            role=part.role,
            demands=demands(wanted, anything),
            because=part.reason.span,
            purpose="",
            subject=part.title,
            phase=Phase.START,
            doubt=part.reason,
        )
        said = outcome(rule, stack, need)
        yield said if isinstance(said, Met) else next(rule.open([part[:3]]))
