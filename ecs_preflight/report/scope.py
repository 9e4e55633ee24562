"""What a report does not speak of, said in each of its forms: what was not looked at or not read,
what the configuration turns off, and who silences findings, counted and named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ..analysis.left_out import Exclusion
from ..analysis.scan import Report

#: So many of a kind are named; JSON has them all.
NAMED = 5


def sentences(report: Report) -> tuple[str, ...]:
    """A sentence for each of these, without what there is nothing of."""
    return tuple(_sentences(report))


def _sentences(report: Report) -> Iterator[str]:
    left: dict[Exclusion, list[str]] = defaultdict(list)
    for each in report.left_out:
        left[each.reason].append(each.path)
    if left:
        kinds = (f"{why.counted(len(paths))} ({_listed(paths)})" for why, paths in left.items())
        yield f"Not looked at: {'; '.join(kinds)}."
    unread = dict.fromkeys(f"{gap.reason} ({gap.span})" for gap in report.gaps if gap.span.file)
    if unread:
        yield f"Not read: {_listed(list(unread), '; ')}."
    named = {gap.reason for gap in report.gaps if gap.span.file}
    beyond = [each.reason for each in report.beyond_limits if each.reason not in named]
    if beyond:
        yield f"Undecided, as {_listed(beyond, '; ')}."
    for setting in report.settings:
        who = f"The configuration '{setting.file}'" if setting.file else "The command line"
        yield f"{who} {'; '.join(setting.says)}."
    silenced = list(_silenced(report))
    if silenced:
        yield f"Suppressed: {', '.join(silenced)}."


def _silenced(report: Report) -> Iterator[str]:
    """How many findings by whom, and the reasons they give."""
    by: dict[str, list[str]] = defaultdict(list)
    for finding in report.findings:
        if finding.suppressed is not None:
            by[finding.suppressed.by].append(finding.suppressed.reason)
    for kind, given in by.items():
        reasons = _listed([f"'{reason}'" for reason in dict.fromkeys(given) if reason])
        yield f"{len(given)} by {kind}{f' ({reasons})' if reasons else ''}"


def _listed(names: Sequence[str], between: str = ", ") -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{between.join(_short(names[:NAMED]))}{more}"


def _short(names: Iterable[str]) -> Iterator[str]:
    """What scanned code writes may be long."""
    return (" ".join(name.split())[:300] for name in names)
