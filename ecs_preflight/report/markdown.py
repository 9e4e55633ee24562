"""Markdown, as job summaries and pull request comments show it: a table, and each finding in
full."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..analysis.scan import Report
from ..findings.finding import Finding
from .coverage import coverage, total

#: GitHub refuses a job summary above 1 MiB; whole findings are left out before that.
LIMIT = 900_000
MARKS = {"error": "🔴", "warning": "🟡", "note": "🔵"}


def render(report: Report) -> str:
    head = [f"### ECS preflight: {total(report)}", "", f"{_text(coverage(report))}.", ""]
    body = "\n".join(head)
    for index, finding in enumerate(report.active):
        section = "\n".join(_finding(finding)) + "\n"
        if len(body.encode()) + len(section.encode()) > LIMIT:
            left = len(report.active) - index
            return f"{body}\n{left} more finding{'' if left == 1 else 's'} left out.\n"
        body += section
    return body


def problem(message: str) -> str:
    """What kept the scan from being made."""
    return f"### ECS preflight: not scanned\n\n🔴 {_text(message)}\n"


def _finding(finding: Finding) -> Iterator[str]:
    kind = finding.severity.value
    yield (
        f"<details><summary>{MARKS[kind]} {kind} <code>{_html(_place(finding))}</code> "
        f"<b>{finding.rule}</b> {finding.name}</summary>"
    )
    yield ""
    yield _text(finding.message)
    yield ""
    yield f"- in {_code(finding.owner.address)}"
    for call in finding.callers:
        yield f"- called at {_code(f'{call.span.file}:{call.span.line}')} as {_code(call.address)}"
    if finding.when is not None:
        yield f"- when {_text(finding.when)}"
    if finding.fails_with:
        yield f"- fails with: {_code(finding.fails_with)}"
    for evidence in finding.related:
        place = f"{_code(str(evidence.span))}: " if evidence.span.file else ""
        yield f"- {place}{_text(evidence.message)}"
    if finding.fix is not None:
        yield f"- fix: {_text(finding.fix.summary)}"
        yield from _block(finding.fix.snippet)
    yield f"- [{finding.rule}]({finding.help})"
    yield ""
    yield "</details>"
    yield ""


def _place(finding: Finding) -> str:
    return f"{finding.span.file}:{finding.span.line}"


def _block(snippet: str) -> Iterator[str]:
    if snippet:
        fence = _fence(snippet, 3)
        yield ""
        yield from (f"  {line}" for line in (fence, *snippet.splitlines(), fence))
        yield ""


def _text(text: str) -> str:
    """Prose of ours about names of others: nothing in it is markup, links or mentions."""
    flat = " ".join(text.split())
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~@$-])", r"\\\1", flat).replace("://", ":\\//")


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _code(text: str) -> str:
    flat = " ".join(text.split())
    fence = _fence(flat, 1)
    return f"{fence} {flat} {fence}" if "`" in flat else f"{fence}{flat}{fence}"


def _fence(text: str, least: int) -> str:
    """Backticks, one more than any row of them in the text."""
    longest = max((len(row) for row in re.findall(r"`+", text)), default=0)
    return "`" * max(least, longest + 1)
