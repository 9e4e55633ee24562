"""Markdown, as job summaries and pull request comments show it: what is broken as a map, what each
task needs as a table, and each finding in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..analysis.lines import Lines
from ..analysis.scan import Report
from ..findings.finding import Finding
from . import changes, needs_matrix
from .coverage import coverage, plural, total
from .languages import fence_of
from .markup import address, attribute, block, code, html, link, text
from .scope import sentences

#: GitHub refuses a job summary above 1 MiB; whole findings are left out before that.
LIMIT = 900_000
MARKS = {"error": "🔴", "warning": "🟡", "note": "🔵"}


def source(environment: Mapping[str, str]) -> str:
    """Where GitHub shows the files of the commit at hand, or "" elsewhere."""
    parts = [environment.get(f"GITHUB_{part}", "") for part in ("SERVER_URL", "REPOSITORY", "SHA")]
    return "{}/{}/blob/{}".format(*parts) if all(parts) else ""


def render(report: Report, source: str = "") -> str:
    """The whole report; places are links where ``source`` says below which address files are
    shown."""
    parts = [f"### ECS preflight: {total(report)}", f"{text(coverage(report))}."]
    parts += [text(said) for said in sentences(report)]
    parts += [
        f"🔴 not scanned: {text(str(trouble))}" for trouble in (*report.missing, *report.faults)
    ]
    parts += needs_matrix.parts(report, source)
    body = "\n\n".join(parts) + "\n\n"
    size = len(body.encode())
    for index, finding in enumerate(report.active):
        section = "\n".join(_finding(finding, source, report.lines)) + "\n"
        size += len(section.encode())
        if size > LIMIT:
            return f"{body}\n{plural(len(report.active) - index, 'more finding')} left out.\n"
        body += section
    return body


def problem(message: str) -> str:
    """What kept the scan from being made."""
    return f"### ECS preflight: not scanned\n\n🔴 {text(message)}\n"


def _finding(finding: Finding, source: str, lines: Lines) -> Iterator[str]:
    kind = finding.severity.value
    place = f"<code>{html(f'{finding.span.file}:{finding.span.line}')}</code>"
    url = address(finding.span, source)
    linked = f'<a href="{attribute(url)}">{place}</a>' if url else place
    yield (
        f"<details><summary>{MARKS[kind]} {kind} {linked} <b>{finding.rule}</b> "
        f"{finding.name}</summary>"
    )
    yield ""
    yield text(finding.message)
    yield ""
    yield f"- in {code(finding.owner.address)}"
    for call in finding.callers:
        yield f"- called at {link(call.span, source)} as {code(call.address)}"
    if finding.circumstances:
        yield f"- {text(finding.circumstances)}"
    if finding.fails_with:
        yield f"- fails with: {code(finding.fails_with)}"
    for evidence in finding.related:
        where = f"{link(evidence.span, source)}: " if evidence.span.file else ""
        yield f"- {where}{text(evidence.message)}"
    if finding.fix is not None:
        yield f"- fix: {text(finding.fix.summary)}"
        change = changes.rows(finding.fix, lines)
        if change:
            yield from _block("\n".join(map(_diff_line, change)), "diff")
        else:
            yield from _block(finding.fix.snippet, fence_of(finding.span.file))
    yield f"- [{finding.rule}]({finding.help})"
    yield ""
    yield "</details>"
    yield ""


def _diff_line(row: changes.Row) -> str:
    sign, line = row
    return f"@@ {line} @@" if sign == "@" else f"{sign}{line}"


def _block(snippet: str, language: str) -> Iterator[str]:
    if snippet:
        yield ""
        yield from (f"  {line}" for line in block(snippet, language))
        yield ""
