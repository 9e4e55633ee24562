"""Findings about the scan itself: a file that could not be read, a rule that failed."""

from __future__ import annotations

from pathlib import PurePath
from types import TracebackType

from ..findings.finding import Finding, Fix, Phase, Severity
from ..findings.rule import Rule
from ..model import Resource, Stack
from ..rules import file_not_readable, rule_failed
from ..symbolic.source import Span, Unreadable

#: The ids that no rule finds by itself.
OWN = frozenset({file_not_readable.RULE.id, rule_failed.RULE.id})


def unreadable(error: Unreadable) -> Finding:
    """The finding for a file that could not be read; it is its own owner."""
    file = Resource(address=error.path, type="file", span=error.span)
    reason = error.reason.rstrip(".")
    if error.partly:
        return file_not_readable.RULE.finding(
            file,
            f"In '{error.path}' {reason}.",
            span=error.span,
            phase=Phase.DEPLOY,
            subject=reason,
            severity=Severity.WARNING,
        )
    ours = reason.startswith(("is ", "lies ", "has "))
    return file_not_readable.RULE.finding(
        file,
        f"'{error.path}' {reason if ours else f'cannot be read: {reason}'}.",
        span=error.span,
        phase=Phase.DEPLOY,
        subject="file",
    )


def failed(rule: Rule, stack: Stack, error: Exception) -> Finding:
    """The finding for a rule that raised."""
    span = Span(stack.files[0] if stack.files else stack.name, 1, 1, 1, 1)
    return rule_failed.RULE.finding(
        Resource(address=stack.name, type="stack", span=span),
        f"Rule '{rule.id}' failed: {describe(error)}.",
        span=span,
        phase=Phase.DEPLOY,
        subject=rule.id,
        fix=Fix(
            f"Report this as a fault of ecs-preflight; '--ignore {rule.id}' leaves the rule out."
        ),
    )


def describe(error: BaseException) -> str:
    """An error of ours in one line, with the place in our code where it was raised."""
    place: TracebackType | None = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = (
        f" at {PurePath(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
    )
    return " ".join(f"{type(error).__name__}{where}: {error}".split())
