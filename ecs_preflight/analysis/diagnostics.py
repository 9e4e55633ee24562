"""Findings about the scan itself: a file that could not be read, a rule that failed."""

from __future__ import annotations

from ..adapters.units import Unit
from ..findings.finding import FILE, LOST, AnyOutcome, Finding, Fix, Phase, Severity, Undecided
from ..findings.rule import Rule
from ..model import Resource, Stack, Target
from ..model.stack import Language
from ..rules import file_not_readable, rule_failed
from ..symbolic.budget import OverBudget
from ..symbolic.faults import Fault
from ..symbolic.records import replace
from ..symbolic.source import Span, Unreadable
from ..symbolic.values import Known, Unknown

#: The ids that no rule finds by itself.
OWN = frozenset({file_not_readable.RULE.id, rule_failed.RULE.id})


def unreadable(error: Unreadable) -> Finding:
    """The finding for a file that could not be read; it is its own owner."""
    file = Resource(address=error.path, type=FILE, span=error.span)
    reason = error.reason.rstrip(".")
    if error.partly:
        return file_not_readable.RULE.finding(
            file,
            f"In '{error.path}' {reason}.",
            span=error.span,
            phase=Phase.DEPLOY,
            subject=Known(reason),
            severity=Severity.WARNING,
        )
    ours = reason.startswith(("is ", "lies ", "has "))
    return file_not_readable.RULE.finding(
        file,
        f"'{error.path}' {reason if ours else f'cannot be read: {reason}'}.",
        span=error.span,
        phase=Phase.DEPLOY,
        subject=Known("file"),
    )


def failed(fault: Fault) -> Finding:
    """The finding for a fault of our own."""
    rule = fault.rule
    what = f"Rule '{rule}' failed at '{fault.subject}'" if rule else f"'{fault.subject}' is lost"
    advice = f"; '--ignore {rule}' leaves the rule out" if rule else ""
    return rule_failed.RULE.finding(
        Resource(address=fault.subject, type=LOST, span=fault.span),
        f"{what}: {fault.message}.",
        span=fault.span,
        phase=Phase.DEPLOY,
        subject=Known(rule or "read"),
        fix=Fix(f"Report this as a fault of ecs-preflight{advice}."),
    )


def not_built(unit: Unit, over: OverBudget) -> tuple[Stack, tuple[AnyOutcome, ...]]:
    """A unit of which nothing is known, for its limit was reached before it was read to the end;
    and the doubt about it."""
    span = Span(unit.name, 1, 1, 1, 1)
    why = replace(over.unknown, span=span)
    stack = Stack(unit.name, Language.TERRAFORM, Target(why, why, why), files=unit.files)
    owner = Resource(address=unit.name, type=FILE, span=span)
    return replace(stack, unread=(why,)), (cut_short(file_not_readable.RULE, owner, over),)


def beyond_limit(reason: Unknown) -> str:
    """What a host says of a limit that was reached, which it has no record for."""
    place = f"{reason.span}: " if reason.span.file else ""
    return f"{place}{reason.reason}: what depends on it is undecided"


def cut_short(rule: Rule, owner: Resource, over: OverBudget) -> Undecided:
    """The doubt about all that a rule did not get to say."""
    return Undecided(
        rule=rule.id,
        owner=owner,
        subject=Known("limit"),
        span=owner.span,
        reason=replace(over.unknown, span=owner.span),
    )
