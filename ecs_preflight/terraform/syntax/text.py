"""The text of one file and the way from its offsets to spans."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from copy import copy

from ...symbolic.patterns import regex
from ...symbolic.source import Span
from .nodes import SyntaxFault

#: How deep brackets, templates, operators and traversals may nest. Real code stays below 20; what a
#: deeper tree would do to whoever walks it is not worth finding out.
MAX_DEPTH = 100
_NEWLINE = regex("\n")


class SourceText:
    """``text`` as it stands in the file ``path``, beginning at ``line`` and ``column``."""

    def __init__(self, text: str, path: str, line: int = 1, column: int = 1) -> None:
        self.text, self.path = text, path
        self._line = line
        # The first line begins before the text where that stands further right.
        self._starts = [1 - column, *(found.end() for found in _NEWLINE.finditer(text))]
        self._offsets: Sequence[int] | None = None

    def within(self, text: str, offsets: Sequence[int]) -> SourceText:
        """A text that is written inside this one, as a JSON string's value is: ``offsets`` gives
        for each of its characters, and for its end, the offset in this text."""
        inner = copy(self)
        inner.text, inner._offsets = text, offsets
        return inner

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column at ``offset``."""
        if self._offsets is not None:
            offset = self._offsets[offset]
        row = bisect_right(self._starts, offset) - 1
        return self._line + row, offset - self._starts[row] + 1

    def span(self, start: int, end: int) -> Span:
        """The span between two offsets."""
        starts, row = self._starts, bisect_right(self._starts, start)
        if self._offsets is None and (row == len(starts) or end < starts[row]):
            # On one line, as nearly all are: there is only one place to look up.
            line, column = self._line + row - 1, start - starts[row - 1] + 1
            return Span(self.path, line, column, line, column + end - start)
        return Span(self.path, *self.place(start), *self.place(end))

    def fault(self, reason: str, start: int, end: int | None = None) -> SyntaxFault:
        """The fault to raise for what stands from ``start`` (one character without ``end``)."""
        end = min(start + 1, len(self.text)) if end is None else end
        return SyntaxFault(reason, self.span(start, end))


def across(first: Span, last: Span) -> Span:
    """From the start of ``first`` to the end of ``last``."""
    return Span(first.file, first.line, first.column, last.end_line, last.end_column)
