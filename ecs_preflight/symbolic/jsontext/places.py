"""The text of a JSON document with its holes, and where each character of it was written."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from ..records import dataclass
from ..source import Span
from ..terms import scalar_text
from ..values import (
    Hole,
    JsonFault,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    not_given,
    with_gaps,
)


@dataclass(frozen=True)
class Piece:
    """A stretch of a text and where it was written.

    With ``margin`` the text stands in the source as it is, from ``span``'s start on, every further
    line behind so many columns (a file, a heredoc); without, all of it is said to stand at
    ``span``.
    """

    value: Value
    span: Span
    margin: int | None = None


#: Stands for a hole. Where it occurs in a literal part, ``holes`` has no such offset.
HOLE = "\U0010fffd"


@dataclass(frozen=True)
class SourceMap:
    """The text, in it HOLE for each hole, and by their offsets the holes, the pieces, and the
    values that are known to stand for a whole stretch, with its end."""

    text: str
    holes: dict[int, Hole]
    known: dict[int, tuple[int, Value]]
    pieces: tuple[Piece, ...]
    starts: tuple[int, ...]
    lines: tuple[int, ...]

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> SourceMap:
        """The text of the pieces, in which a hole is one character."""
        kept, literals, starts, length = tuple(pieces), [], [], 0
        holes: dict[int, Hole] = {}
        known: dict[int, tuple[int, Value]] = {}
        for value in _given([piece.value for piece in kept]):
            start = length
            starts.append(start)
            for part in value.parts if isinstance(value, Text) else (value,):
                if isinstance(part, (Unknown, Reference)):
                    holes[length] = part
                literals.append(_literal(part))
                length += len(literals[-1])
            encoded = value.encodes if isinstance(value, (Known, Text)) else None
            if encoded is not None and not isinstance(encoded, JsonFault):
                known[start] = (length, encoded)
        text = "".join(literals)
        lines = tuple(found.end() for found in re.finditer("\n", text))
        return cls(text, holes, known, kept, tuple(starts), lines)

    def span(self, start: int, end: int) -> Span:
        """Where the characters from ``start`` up to ``end`` were written."""
        first, last = self._piece(start), self._piece(max(end - 1, start))
        if self.pieces[first].margin is None:
            return self.pieces[first].span
        line, column = self._place(first, start)
        end_line, end_column = (
            (line, column) if self.pieces[last].margin is None else self._place(last, end)
        )
        return Span(self.pieces[first].span.file, line, column, end_line, end_column)

    def _piece(self, offset: int) -> int:
        return max(bisect_right(self.starts, offset) - 1, 0)

    def _place(self, piece: int, offset: int) -> tuple[int, int]:
        """The line and column of an offset in a piece that stands in the source as it is."""
        begins, start = self.pieces[piece].span, self.starts[piece]
        above, last = bisect_right(self.lines, start), bisect_right(self.lines, offset)
        if above == last:
            return begins.line, begins.column + offset - start
        margin = self.pieces[piece].margin or 0
        return begins.line + last - above, 1 + margin + offset - self.lines[last - 1]


def _given(values: Sequence[Value]) -> Sequence[Value]:
    """The values of a text's pieces, with a hole for an empty input that something lacks."""
    empty = [not_given(value) is not value for value in values]
    if not any(empty):
        return values
    shown = [
        _literal(value) if isinstance(value, Known) and not is_empty else value
        for value, is_empty in zip(values, empty, strict=True)
    ]
    return [
        gap if is_empty and not isinstance(gap, str) else value
        for value, gap, is_empty in zip(values, with_gaps(shown), empty, strict=True)
    ]


def _literal(part: str | Value) -> str:
    if isinstance(part, str):
        return part
    return scalar_text(part.value) if isinstance(part, Known) else HOLE
