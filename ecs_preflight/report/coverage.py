"""The closing words of every report: how much of what the tasks need could be decided, and why not
all of it. Nothing found while all is undecided must not look green."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..analysis.scan import Report
from ..findings.finding import Severity, Undecided
from ..findings.wording import listed
from ..symbolic.values import Unknown, Why


def coverage(report: Report) -> str:
    """``12 needs: 7 met, 2 unmet, 3 undecided (2 values from inputs without a default: give
    --var-file or --parameters; 1 grant that depends on a condition); not read: 1 module not
    downloaded: run terraform get``: each undecided need has one reason."""
    stats = report.stats
    needs = f"{stats.needs} need{'' if stats.needs == 1 else 's'}"
    met = f"{stats.met} met" + (
        f" ({stats.within_boundary} within a permissions boundary that is not in the scanned code)"
        if stats.within_boundary
        else ""
    )
    line = f"{needs}: {met}, {stats.unmet} unmet, {stats.undecided} undecided"
    why = counted(o.reason for o in report.outcomes if isinstance(o, Undecided))
    unread = reasons(report.gaps)
    return f"{line}{f' ({why})' if why else ''}{f'; not read: {unread}' if unread else ''}"


def reasons(unknown: tuple[Unknown, ...]) -> str:
    """Each cause once, counted by its kind, with what can be done about it."""
    return counted({(u.why, u.symbol or u.reason): u for u in unknown}.values())


def counted(unknown: Iterable[Unknown]) -> str:
    """How many there are of each kind, with what can be done about it."""
    reasons = list(unknown)
    counts = Counter(u.why for u in reasons)
    named = ", ".join(dict.fromkeys(u.reason for u in reasons if u.why is Why.SOURCE))
    advice = {why: named if why is Why.SOURCE else why.advice for why in Why}
    return "; ".join(
        f"{why.counted(counts[why])}{f': {advice[why]}' if advice[why] else ''}"
        for why in Why
        if counts[why]
    )


def by_severity(severities: Iterable[str]) -> list[str]:
    """How many there are of each, the gravest first: ``2 errors``, ``1 warning``."""
    counts = Counter(severities)
    return [plural(counts[each.value], each.value) for each in Severity if counts[each.value]]


def total(report: Report) -> str:
    """``2 errors and 1 warning in 14 files (3 stacks, 5 task definitions)``."""
    found = by_severity(finding.severity.value for finding in report.active)
    silenced = len(report.findings) - len(report.active)
    words = listed(found) or "No findings"
    suppressed = f", {silenced} suppressed" if silenced else ""
    stats = report.stats
    return (
        f"{words}{suppressed} in {plural(stats.files, 'file')} ({plural(stats.stacks, 'stack')}, "
        f"{plural(stats.task_definitions, 'task definition')})"
    )


def plural(count: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
