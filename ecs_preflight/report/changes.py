"""A fix's edits as a person reads them: the lines that go and the lines that come."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from ..analysis.lines import Lines
from ..findings.finding import Edit, Fix
from ..findings.sensitive import SHOWN

#: A line of a change: " ", "-" or "+", and the text; "@" and where the lines that follow stand.
Row = tuple[str, str]
#: Lines that stay, shown around those that change.
AROUND = 1


def rows(fix: Fix, lines: Lines) -> list[Row]:
    """The change file by file; nothing where there are no edits, or where a line of them is not
    shown as it is."""
    found: list[Row] = []
    for file in dict.fromkeys(edit.span.file for edit in fix.edits):
        before = lines.of(file)
        edits = [edit for edit in fix.edits if edit.span.file == file]
        if any(SHOWN in line for edit in edits for line in _touched(edit, before)):
            return []
        after = _applied("\n".join(before), edits).split("\n")
        found += _hunks(file, before, after)
    return found


def _touched(edit: Edit, source: Sequence[str]) -> Sequence[str]:
    return source[max(edit.span.line - 1, 0) : max(edit.span.end_line, edit.span.line)]


def _applied(text: str, edits: Iterable[Edit]) -> str:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)

    def offset(line: int, column: int) -> int:
        return min(starts[min(max(line, 1), len(starts)) - 1] + max(column, 1) - 1, len(text))

    places = [
        (
            offset(edit.span.line, edit.span.column),
            offset(edit.span.end_line or edit.span.line, edit.span.end_column or edit.span.column),
            edit.text,
        )
        for edit in edits
    ]
    for start, end, new in sorted(places, key=lambda place: place[0], reverse=True):
        text = text[:start] + new + text[max(start, end) :]
    return text


def _hunks(file: str, before: Sequence[str], after: Sequence[str]) -> list[Row]:
    found: list[Row] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(AROUND):
        found.append(("@", f"{file}:{group[0][1] + 1}"))
        for kind, first, last, start, end in group:
            if kind == "equal":
                found += [(" ", line) for line in before[first:last]]
            else:
                found += [("-", line) for line in before[first:last]]
                found += [("+", line) for line in after[start:end]]
    return found
