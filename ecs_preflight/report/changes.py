"""A fix's edits as a person reads them: the lines that go and the lines that come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..analysis.lines import Lines
from ..findings.finding import Edit, Fix
from ..findings.sensitive import SHOWN

#: A line of a change: " ", "-" or "+", and the text; "@" and where the lines that follow stand.
Row = tuple[str, str]
#: Lines that stay, shown around those that change.
AROUND = 1
#: The most lines of which it is asked what stays between those that change: that is quadratic.
COMPARED = 300


def rows(fix: Fix, lines: Lines) -> list[Row]:
    """The change file by file; nothing where there are no edits, or where a line of them is not
    shown as it is."""
    found: list[Row] = []
    for file in dict.fromkeys(edit.span.file for edit in fix.edits):
        before = lines.of(file)
        edits = sorted((e for e in fix.edits if e.span.file == file), key=_start)
        if any(SHOWN in line for edit in edits for line in before[slice(*_touched(edit))]):
            return []
        for begin, end, together in _windows(edits, len(before)):
            window = before[begin:end]
            after = _applied(window, together, begin)
            found += _hunks(file, begin, window, after)
    return found


def _start(edit: Edit) -> tuple[int, int]:
    return edit.span.line, edit.span.column


def _touched(edit: Edit) -> tuple[int, int]:
    """The lines of the edit, counted from 0, the end exclusive."""
    return max(edit.span.line - 1, 0), max(edit.span.end_line, edit.span.line, 1)


def _windows(edits: Sequence[Edit], size: int) -> Iterator[tuple[int, int, list[Edit]]]:
    """The stretches of lines that are shown, each with its edits, in order: what is far from all
    edits need not be compared."""
    together: list[Edit] = []
    begin = end = 0
    for edit in edits:
        first, last = _touched(edit)
        first, last = max(min(first, size) - AROUND, 0), min(last + AROUND, size)
        if together and first <= end:
            end = max(end, last)
        else:
            if together:
                yield begin, end, together
            begin, end, together = first, last, []
        together.append(edit)
    if together:
        yield begin, end, together


def _applied(window: Sequence[str], edits: Sequence[Edit], begin: int) -> list[str]:
    """The lines of the window, which is the file's from ``begin`` on, with the edits made."""
    text = "\n".join(window)
    starts = [0]
    for line in window:
        starts.append(starts[-1] + len(line) + 1)

    def offset(line: int, column: int) -> int:
        row = min(max(line - begin, 1), len(starts))
        return min(starts[row - 1] + max(column, 1) - 1, len(text))

    for edit in reversed(edits):
        span = edit.span
        start = offset(span.line, span.column)
        end = offset(span.end_line or span.line, span.end_column or span.column)
        text = text[:start] + edit.text.replace("\r\n", "\n") + text[max(start, end) :]
    return text.split("\n")


def _hunks(file: str, begin: int, before: Sequence[str], after: Sequence[str]) -> list[Row]:
    found: list[Row] = []
    for group in _groups(before, after):
        found.append(("@", f"{file}:{begin + group[0][1] + 1}"))
        for kind, first, last, start, end in group:
            if kind == "equal":
                found += [(" ", line) for line in before[first:last]]
            else:
                found += [("-", line) for line in before[first:last]]
                found += [("+", line) for line in after[start:end]]
    return found


def _groups(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[list[tuple[str, int, int, int, int]]]:
    """What goes and comes, as difflib has it."""
    if max(len(before), len(after)) > COMPARED:
        yield [("replace", 0, len(before), 0, len(after))]
        return
    import difflib  # where it is used: most reports show no change

    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    yield from matcher.get_grouped_opcodes(AROUND)
