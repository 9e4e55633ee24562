"""Text for people: each finding with its line of code, what would happen, and what to write
instead.

The report is built of styled pieces; rich colours them where it is installed and colour is wanted.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from ..analysis.lines import Lines
from ..analysis.scan import Report
from ..findings.finding import Finding, Undecided
from ..model import ModuleCall
from ..symbolic.answers import Evidence
from ..symbolic.source import Span
from .coverage import coverage, total

#: A piece of a line: (style, text). Styles are rich's; "" is plain.
Piece = tuple[str, str]
Line = tuple[Piece, ...]

STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
#: Code is cut to this many columns around the place, so that minified JSON stays readable.
CODE_WIDTH = 110
LABEL = 12


def render(report: Report, *, show_undecided: bool = False, width: int | None = None) -> list[Line]:
    """The lines of the report; prose is wrapped to ``width``."""
    lines: list[Line] = []
    for cause, group in _by_cause(report.active):
        if len(group) > 1:
            lines += [
                (("bold underline", f"{len(group)} findings, one cause: {clean(cause)}"),),
                (),
            ]
        for finding in group:
            lines += [*_finding(finding, report.lines, width), ()]
    if show_undecided:
        for outcome in report.undecided:
            lines += [*_undecided(outcome, width), ()]
    for remark in report.remarks:
        place = f"{_place(remark.span)}  " if remark.span.file else ""
        lines += [
            (("bold", place), (STYLES["note"], "remark"), ("", f"  {clean(remark.message)}")),
            (),
        ]
    style = (
        STYLES[min(report.active, key=lambda f: f.severity.rank).severity.value]
        if report.active
        else "bold"
    )
    return [*lines, ((style, total(report)),), (("", coverage(report)),)]


def plain(lines: Iterable[Line]) -> str:
    """The lines without styles."""
    return "".join("".join(text for _, text in line) + "\n" for line in lines)


def colouring() -> Callable[[Iterable[Line], IO[str]], None] | None:
    """A function that prints the lines in colour, or None where rich is not installed."""
    try:
        from rich.console import Console
        from rich.text import Text
    except ImportError:
        return None

    def show(lines: Iterable[Line], file: IO[str]) -> None:
        console = Console(file=file, force_terminal=True, highlight=False, soft_wrap=True)
        for line in lines:
            console.print(Text.assemble(*((text, style) for style, text in line)))

    return show


def _by_cause(findings: Iterable[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    """Findings that one change mends stand together, where the first of them stands."""
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.cause or id(finding), []).append(finding)
    for group in groups.values():
        yield group[0].cause, group


def _finding(finding: Finding, lines: Lines, width: int | None) -> Iterator[Line]:
    style = STYLES[finding.severity.value]
    yield (
        ("bold", _place(finding.span)),
        ("", "  "),
        (style, finding.severity.value),
        ("", f"  {finding.rule} {finding.name}"),
    )
    yield from _prose("", finding.message, width, indent=2)
    yield from _frame(finding.span, lines, style)
    yield from _prose("in", _owner(finding), width)
    for call in reversed(finding.callers):
        yield from _prose("called", _call(call), width)
    if finding.when is not None:
        yield from _prose("when", finding.when, width)
    if finding.fails_with:
        yield from _prose("fails with", finding.fails_with, width)
    for evidence in finding.related:
        yield from _prose("see", _evidence(evidence, finding.message), width)
    if finding.fix is not None:
        yield from _prose("fix", finding.fix.summary, width, style="green")
        for row in finding.fix.snippet.splitlines():
            yield (("", " " * (LABEL + 2)), ("green", clean(row)))


def _undecided(outcome: Undecided, width: int | None) -> Iterator[Line]:
    yield (
        ("bold", _place(outcome.span)),
        ("", "  "),
        ("bold blue", "undecided"),
        ("", f"  {outcome.rule}"),
    )
    if outcome.need is not None:
        need = outcome.need
        actions = ", ".join(need.actions)
        yield from _prose(
            "",
            f"May {need.principal.value} '{need.role}' do {actions} on '{need.resource}'?",
            width,
            indent=2,
        )
    yield from _prose("in", outcome.owner.address, width)
    yield from _prose("because", outcome.reason.reason, width)


def _owner(finding: Finding) -> str:
    label = finding.owner.label
    return f"{finding.owner.address} ({label})" if label else finding.owner.address


def _call(call: ModuleCall) -> str:
    return f"at {_place(call.span)} as {call.address}"


def _evidence(evidence: Evidence, said: str) -> str:
    """Where it stands and what it says; or, when the finding has ``said`` that, what stands
    there."""
    if not evidence.span.file:
        return evidence.message
    told = evidence.address if evidence.message in said else evidence.message
    return f"{_place(evidence.span)} {told}"


def _place(span: Span) -> str:
    return clean(f"{span.file}:{span.line}:{span.column}")


def _prose(
    label: str, text: str, width: int | None, *, indent: int = LABEL + 2, style: str = ""
) -> Iterator[Line]:
    """A labelled paragraph with a hanging indent."""
    text = " ".join(clean(text).split())
    rows = (
        textwrap.wrap(text, max(width - indent, 30), break_long_words=False, break_on_hyphens=False)
        if width
        else [text]
    )
    for index, row in enumerate(rows):
        head = f"  {label}".ljust(indent) if index == 0 else " " * indent
        yield (("dim", head), (style, row))


def _frame(span: Span, lines: Lines, style: str) -> Iterator[Line]:
    """The span's first line of code, underlined."""
    source = lines.of(span.file)
    if not 0 < span.line <= len(source) or not source[span.line - 1].strip():
        return
    code = source[span.line - 1]
    start = min(max(span.column - 1, 0), len(code))
    end = span.end_column - 1 if span.end_line == span.line else len(code.rstrip())
    first = max(0, start - CODE_WIDTH // 2) if len(code) > CODE_WIDTH else 0
    shown = code[first : first + CODE_WIDTH]
    before, marked = shown[: start - first], shown[start - first : max(end, start + 1) - first]
    gutter = " " * len(str(span.line))
    left = "…" if first else ""
    right = "…" if first + CODE_WIDTH < len(code) else ""
    yield (("dim", f"  {gutter} |"),)
    yield (("dim", f"  {span.line} | "), ("", left + clean(shown) + right))
    yield (
        ("dim", f"  {gutter} | "),
        ("", " " * _columns(left + clean(before))),
        (style, "^" * max(1, _columns(clean(marked)))),
    )


def clean(text: str) -> str:
    """Without what could steer a terminal: control and direction characters are shown as
    escapes."""
    return "".join(
        char
        if char.isprintable()
        else "    "
        if char == "\t"
        else " "
        if char.isspace()
        else char.encode("unicode_escape").decode()
        for char in text
    )


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )
