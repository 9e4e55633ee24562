"""Text for people: each finding with its line of code, what would happen, and what to write
instead, one screen at most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..analysis.lines import Lines
from ..analysis.scan import Report
from ..findings.finding import Finding, Undecided
from ..findings.identity import fault_of_block, one_change
from ..findings.wording import listed
from ..model import ModuleCall
from ..symbolic.answers import Evidence
from ..symbolic.records import replace
from ..symbolic.source import Span
from . import changes
from .coverage import coverage, plural, total
from .scope import sentences
from .terminal import Line, clean, columns, wrapped

STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
#: Code is cut to this many columns around the place, so that minified JSON stays readable.
CODE_WIDTH = 110
LABEL = 12
#: What is listed of a kind before the rest is counted: a finding fills a screen at most.
LISTED = 3
SNIPPET = 20


def render(
    report: Report,
    *,
    show_undecided: bool = False,
    show_suppressed: bool = False,
    width: int | None = None,
) -> list[Line]:
    """The lines of the report; prose is wrapped to ``width``."""
    lines: list[Line] = []
    once = _by_block(report.active)
    likewise = {id(finding): others for finding, others in once}
    for cause, group in _by_cause(finding for finding, _ in once):
        several = len(group) > 1
        if several:
            lines += [*_heading(f"{len(group)} findings, one cause: {cause}", width), ()]
        for finding in group:
            lines += [*_finding(finding, report.lines, width, likewise[id(finding)]), ()]
        if several:
            lines += [(("bold", f"── end of the {len(group)} findings of one cause"),), ()]
    if show_undecided:
        for outcome in report.undecided:
            lines += [*_undecided(outcome, width), ()]
        for boundary, needs in report.boundaries:
            lines += [*_boundary(boundary, needs, width), ()]
        for gap in report.gaps:
            place = f"{_place(gap.span)}  " if gap.span.file else ""
            lines += [
                (("bold", place), ("bold blue", "unread"), ("", f"  {clean(gap.reason)}")),
                (),
            ]
    if show_suppressed:
        lines += suppressed(report)
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
    closing = (coverage(report), *sentences(report))
    return [*lines, ((style, total(report)),), *((("", clean(said)),) for said in closing)]


def suppressed(report: Report) -> Iterator[Line]:
    """A line for each finding that is silenced, and who silenced it."""
    for finding in report.findings:
        if finding.suppressed is not None:
            by = f"suppressed by {finding.suppressed.by}: {finding.suppressed.reason}"
            said = clean(f"  {finding.rule} {finding.message} ({by})")
            yield (("bold", _place(finding.span)), ("", "  "), ("dim", "suppressed"), ("", said))


def _by_block(findings: Iterable[Finding]) -> list[tuple[Finding, list[str]]]:
    """What several calls of one module have in common is said once, with all its calls, and so is
    what instances of one block have; the addresses of the others stand beside it."""
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(fault_of_block(finding), []).append(finding)
    return [
        (replace(group[0], callers=_calls(group)), _others(group[0], group))
        for group in groups.values()
    ]


def _others(first: Finding, group: Iterable[Finding]) -> list[str]:
    owners = dict.fromkeys(each.owner.address for each in group)
    return [address for address in owners if address != first.owner.address]


def _calls(group: Iterable[Finding]) -> tuple[ModuleCall, ...]:
    return tuple(dict.fromkeys(call for finding in group for call in finding.callers))


def _by_cause(findings: Iterable[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    """Findings that one change mends stand together, where the first of them stands."""
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(one_change(finding) or id(finding), []).append(finding)
    for group in groups.values():
        yield group[0].cause, group


def _finding(
    finding: Finding, lines: Lines, width: int | None, others: Sequence[str] = ()
) -> Iterator[Line]:
    style = STYLES[finding.severity.value]
    yield (
        ("bold", _place(finding.span)),
        ("", "  "),
        (style, finding.severity.value),
        ("", f"  {finding.rule} {finding.name}"),
    )
    yield from _prose("", finding.message, width, indent=2)
    yield from _frame(finding.span, lines, style, width)
    yield from _prose("in", _owner(finding), width)
    yield from _list("likewise in", others, "resource", width)
    calls = [_call(call) for call in reversed(finding.callers)]
    yield from _list("called at", calls, "call", width)
    if finding.when is not None:
        yield from _prose("when", finding.when, width)
    if finding.sets:
        yield from _prose("with", listed(finding.sets), width)
    if finding.fails_with:
        yield from _prose("fails with", finding.fails_with, width)
    places = [_evidence(evidence, finding.message) for evidence in finding.related]
    yield from _list("see", places, "place", width)
    if finding.fix is not None:
        yield from _prose("fix", finding.fix.summary, width, style="green")
        change = changes.rows(finding.fix, lines)
        written = [("", row) for row in finding.fix.snippet.splitlines()]
        yield from _change(change or written)
    yield from _prose("rule", finding.help, None)


def _change(rows: Sequence[changes.Row]) -> Iterator[Line]:
    """The lines that go and come, in colour; or what to write, without a place of its own."""
    shown = rows if len(rows) <= SNIPPET else rows[: SNIPPET - 1]
    for sign, row in shown:
        head = "" if sign in ("", "@") else f"{sign} "
        style = {"-": "red", "@": "dim", " ": ""}.get(sign, "green")
        text = f"{head}{clean(row)}".rstrip()
        yield (("", " " * (LABEL + 2)), (style, text)) if text else ()
    if len(shown) < len(rows):
        yield (("dim", " " * (LABEL + 2) + f"… {len(rows) - len(shown)} more lines"),)


def _list(label: str, texts: Sequence[str], noun: str, width: int | None) -> Iterator[Line]:
    """The texts below one label, the first few of them."""
    for index, text in enumerate(texts[:LISTED]):
        yield from _prose("" if index else label, text, width)
    if len(texts) > LISTED:
        more = plural(len(texts) - LISTED, f"more {noun}")
        yield from _prose("", f"… and {more}", width, style="dim")


def _heading(text: str, width: int | None) -> Iterator[Line]:
    for index, row in enumerate(wrapped(text, width and width - 3)):
        yield (("bold", f"{'──' if index == 0 else '  '} {row}"),)


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
            f"May {need.principal.value} '{need.role}' do {actions} on '{need.on}'?",
            width,
            indent=2,
        )
    yield from _prose("in", outcome.owner.address, width)
    yield from _prose("because", outcome.reason.reason, width)


def _boundary(boundary: Evidence, needs: int, width: int | None) -> Iterator[Line]:
    yield (
        ("bold", _place(boundary.span)),
        ("", "  "),
        ("bold blue", "boundary"),
        ("", f"  {plural(needs, 'need')} met by the role itself"),
    )
    yield from _prose("in", boundary.address, width)
    yield from _prose("because", boundary.message, width)
    yield from _prose("fix", "Say what it allows in [[boundaries]] of the configuration.", width)


def _owner(finding: Finding) -> str:
    label = finding.owner.label
    return f"{finding.owner.address} ({label})" if label else finding.owner.address


def _call(call: ModuleCall) -> str:
    return f"{_place(call.span)} as {call.address}"


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
    rows = wrapped(text, width and width - indent)
    for index, row in enumerate(rows):
        head = f"  {label}".ljust(indent) if index == 0 else " " * indent
        yield (("dim", head), (style, row))


def _frame(span: Span, lines: Lines, style: str, width: int | None) -> Iterator[Line]:
    """The span's first line of code, underlined."""
    source = lines.of(span.file)
    if not 0 < span.line <= len(source) or not source[span.line - 1].strip():
        return
    code = source[span.line - 1]
    start = min(max(span.column - 1, 0), len(code))
    end = span.end_column - 1 if span.end_line == span.line else len(code.rstrip())
    most = min(CODE_WIDTH, (width or CODE_WIDTH + 12) - 12)
    first = max(0, start - most // 2) if len(code) > most else 0
    shown = code[first : first + most]
    before, marked = shown[: start - first], shown[start - first : max(end, start + 1) - first]
    gutter = " " * len(str(span.line))
    left = "…" if first else ""
    right = "…" if first + most < len(code) else ""
    yield (("dim", f"  {gutter} |"),)
    yield (("dim", f"  {span.line} | "), ("", left + clean(shown) + right))
    yield (
        ("dim", f"  {gutter} | "),
        ("", " " * columns(left + clean(before))),
        (style, "^" * max(1, columns(clean(marked)))),
    )
