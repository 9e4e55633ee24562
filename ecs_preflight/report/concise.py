"""One line a finding, as grep and editors read it: ``path:line:column: severity ID message``."""

from __future__ import annotations

from collections.abc import Iterator

from ..analysis.scan import Report
from ..symbolic.source import Span
from .coverage import coverage, total
from .scope import sentences
from .terminal import Line, clean
from .text import STYLES, suppressed


def render(
    report: Report, *, show_undecided: bool = False, show_suppressed: bool = False
) -> list[Line]:
    """The findings that nobody silenced, in the order of files and lines; then what was looked
    at."""
    lines = [
        _line(f.span, f.severity.value, f.rule, f.message, f" {f.proviso}" if f.proviso else "")
        for f in report.active
    ]
    if show_undecided:
        lines += [
            _line(o.span, "undecided", o.rule, f"{o.owner.address}: {o.reason.reason}")
            for o in report.undecided
        ]
        lines += [_line(gap.span, "unread", "", gap.reason) for gap in report.gaps]
    if show_suppressed:
        lines += suppressed(report)
    return [*lines, *_closing(report)]


def _line(span: Span, kind: str, rule: str, message: str, when: str = "") -> Line:
    said = " ".join(clean(message + when).split())
    return (
        ("bold", clean(f"{span}:")),
        ("", " "),
        (STYLES.get(kind, "bold blue"), kind),
        ("", f" {rule} {said}"),
    )


def _closing(report: Report) -> Iterator[Line]:
    yield (("", total(report)),)
    for said in (coverage(report), *sentences(report)):
        yield (("", clean(said)),)
