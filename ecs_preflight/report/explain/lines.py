"""Explain as text: a paragraph for each owner, a line for each role and need."""

from __future__ import annotations

from collections.abc import Sequence

from ...symbolic.source import Span
from ..terminal import Line, clean, wrapped
from .table import MET, NO_ROLE, UNDECIDED, UNMET, Row

STYLES = {MET: "green", UNMET: "bold red", NO_ROLE: "bold red", UNDECIDED: "bold blue"}
_VERDICT, _DETAIL = 4, 17


def render(table: Sequence[Row], width: int | None = None) -> list[Line]:
    """The lines of the table; prose is wrapped to ``width``."""
    lines: list[Line] = []
    head: tuple[str, Span] | None = None
    role: tuple[str, str] | None = None
    for row in table:
        if (row.owner, row.place) != head:
            head, role = (row.owner, row.place), None
            lines += [
                *([()] if lines else []),
                (("bold", clean(f"{row.owner}  {_at(row.place)}")),),
            ]
        if (row.principal, row.role) != role:
            role = (row.principal, row.role)
            boundary = f", within {row.boundary.message}" if row.boundary else ""
            if row.principal:
                lines.append((("", clean(f"  {row.principal} {row.role}{boundary}")),))
        lines += _row(row, width)
    return lines


def _row(row: Row, width: int | None) -> list[Line]:
    first, *others = wrapped(row.purpose, width and width - _DETAIL)
    lines: list[Line] = [
        (("", " " * _VERDICT), (STYLES[row.verdict], f"{row.verdict:<10}"), ("", f" {first}"))
    ]
    lines += [(("", " " * (_DETAIL - 2) + other),) for other in others]
    on = f" on {', '.join(row.resources)}" if row.resources else ""
    details = [f"{', '.join(row.actions)}{on}"] if row.actions else []
    if row.why:
        details.append(f"because {row.why}" if row.verdict == UNDECIDED else row.why)
    details += [row.closing] if row.closing else []
    details += [f"{e.message}{f' ({_at(e.span)})' if e.span.file else ''}" for e in row.evidence]
    for detail in details:
        lines += [
            (("dim", " " * _DETAIL + part),) for part in wrapped(detail, width and width - _DETAIL)
        ]
    return lines


def _at(span: Span) -> str:
    return f"{span.file}:{span.line}"
