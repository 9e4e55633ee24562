"""Explain as Markdown: a table of needs for each task."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ...symbolic.patterns import regex
from ...symbolic.source import Span
from ..markup import code, link, text
from .explanation import Explanation
from .table import MET, NO_ROLE, UNDECIDED, UNMET, Row

#: A bar that no escape goes before, as in code.
_BAR = regex(r"(?<!\\)\|")
MARKS = {MET: "✅", UNMET: "❌", NO_ROLE: "❌", UNDECIDED: "❔"}


def render(explanation: Explanation, source: str = "") -> str:
    """The needs of every stack; places are links where ``source`` says where files are shown."""
    lines = ["# What the tasks need", "", f"{text(explanation.coverage)}.", ""]
    for stack in explanation.stacks:
        if stack.needs:
            lines += [f"## {code(stack.name)}", ""]
        for task, rows in groupby(stack.needs, key=lambda row: row.task):
            lines += [f"### {code(task)}", "", "| | who | may do | on | because | rests on |"]
            lines += ["|---|---|---|---|---|---|", *(_row(row, source) for row in rows), ""]
    return "\n".join(lines).rstrip() + "\n"


def _row(row: Row, source: str) -> str:
    cells = [
        f"{MARKS[row.verdict]} {row.verdict}",
        f"{row.principal} {code(row.role)}" if row.principal else "",
        ", ".join(code(action) for action in row.actions),
        ", ".join(code(resource) for resource in row.resources),
        f"{text(row.purpose)} {_at(row.because, source)}",
        "; ".join(_rests_on(row, source)),
    ]
    return "| " + " | ".join(_BAR.sub("\\|", cell) for cell in cells) + " |"


def _rests_on(row: Row, source: str) -> Iterator[str]:
    if row.why:
        yield text(row.why)
    if row.closing:
        yield text(row.closing)
    for evidence in row.evidence:
        yield f"{text(evidence.message)} {_at(evidence.span, source)}".rstrip()
    if row.boundary is not None:
        yield text(f"within {row.boundary.message}")


def _at(span: Span, source: str) -> str:
    return link(span, source) if span.file else ""
