"""The text of one file and the way from its offsets to spans."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ..source import Span
from .syntax import SyntaxFault

#: How deep brackets, templates, operators and traversals may nest. Real code stays below 20; what a
#: deeper tree would do to whoever walks it is not worth finding out.
MAX_DEPTH = 100


class Text:
    """``text`` as it stands in the file ``path``, its first character at ``line`` and ``column``.

    Where characters of ``text`` took more than one in the file (the escapes of a JSON string),
    ``offsets`` gives for each of them, and for the end, the offset in ``original``.
    """

    def __init__(self, text: str, path: str, line: int = 1, column: int = 1, *,
                 original: str | None = None, offsets: Sequence[int] | None = None) -> None:
        self.text, self.path = text, path
        self._line, self._column, self._offsets = line, column, offsets
        original = text if original is None else original
        self._starts = [0]
        position = original.find("\n")
        while position >= 0:
            self._starts.append(position + 1)
            position = original.find("\n", position + 1)

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column at ``offset``."""
        if self._offsets is not None:
            offset = self._offsets[offset]
        row = bisect_right(self._starts, offset) - 1
        column = offset - self._starts[row] + (self._column if row == 0 else 1)
        return self._line + row, column

    def span(self, start: int, end: int) -> Span:
        return Span(self.path, *self.place(start), *self.place(end))

    def fault(self, reason: str, start: int, end: int | None = None) -> SyntaxFault:
        """The fault to raise for what stands at ``start``."""
        return SyntaxFault(reason, self.span(start, min(start + 1, len(self.text)) if end is None else end))


def across(first: Span, last: Span) -> Span:
    """From the start of ``first`` to the end of ``last``."""
    return Span(first.file, first.line, first.column, last.end_line, last.end_column)
