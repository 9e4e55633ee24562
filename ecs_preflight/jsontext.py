"""JSON in a text with holes, read into values, each with the place where it was written.

A hole inside a string stays a hole of that string. A hole that stands as a whole value is that
value. A hole that stands where a list element or an object member would may be any number of them
(as ``[${join(",", definitions)}]`` and ``${condition ? ",{...}" : ""}`` are), so it becomes the
``rest``. A text that cannot be JSON whatever the holes become is a JsonFault.

Source: RFC 8259; of duplicate keys the last one counts, as for Go's decoder.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from .source import Span
from .values import (
    Entries,
    Hole,
    Items,
    JsonFault,
    Known,
    Reference,
    Scalar,
    Text,
    Unknown,
    Value,
    Why,
    first,
    text,
)

__all__ = ["JsonFault", "Piece", "looks_like_json", "parse_json", "parse_pieces"]

#: Deeper documents and longer texts (characters) are not read.
MAX_DEPTH = 200
MAX_LENGTH = 4 * 1024 * 1024

ReadNumber = Callable[[str], Scalar]


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


def looks_like_json(value: Value) -> bool:
    """Does a text begin as a JSON object or array does?"""
    start = getattr(value, "value", "")
    if isinstance(value, Text):
        start = value.parts[0]
    return isinstance(start, str) and start.lstrip(" \t\r\n").startswith(("{", "["))


def parse_json(value: Value, number: ReadNumber | None = None) -> Value | JsonFault:
    """The structure that a string, known or with holes, is the JSON of.

    What the value already knows of itself (``encodes``) is given back as it is. Otherwise every
    part of the result stands at the value's own span, since where its lines come from is not
    known. What is no string comes back as it is. ``number`` reads numbers, by default as Python
    does.
    """
    if isinstance(value, (Known, Text)) and value.encodes is not None:
        return value.encodes
    if isinstance(value, Reference):
        return value if value.text is None else parse_json(value.text, number)
    if isinstance(value, Unknown):
        found = _unencoded(value)
        return found if found != value else replace(
            value, symbol=value.symbol and f"jsondecode({value.symbol})")
    if isinstance(value, Text) or (isinstance(value, Known) and isinstance(value.value, str)):
        return parse_pieces([Piece(value, value.span)], value.span, number)
    return value


def parse_pieces(pieces: Iterable[Piece], span: Span,
                 number: ReadNumber | None = None) -> Value | JsonFault:
    """As parse_json, for a text whose pieces know where they stand; ``span`` is that of the
    whole."""
    source = _Source(span)
    for piece in pieces:
        source.add(piece)
    if source.length > MAX_LENGTH:
        return Unknown("the JSON text is beyond the scan's limits", why=Why.LIMIT, span=span)
    reader = _Reader(source.finished(), source, number or _plain_number)
    try:
        return reader.document()
    except _Invalid as invalid:
        if reader.is_spliced:
            return Unknown("the JSON text depends on values that are not known", span=span)
        return JsonFault(invalid.reason, source.span(invalid.offset, invalid.offset + 1))


def _plain_number(digits: str) -> Scalar:
    return float(digits) if set(digits) & set(".eE") else int(digits)


def _unencoded(hole: Hole) -> Hole:
    """A hole that stands as a whole JSON value, with what ``jsonencode`` did to it undone."""
    if isinstance(hole, Reference):
        return hole
    encoded = re.fullmatch(r"jsonencode\((.*)\)", hole.symbol, re.DOTALL)
    return replace(hole, symbol=encoded[1]) if encoded else hole


# -- the text, with holes as single characters -----------------------------------------------------

#: Stands for a hole. That it may occur in a literal part too does no harm: ``holes`` has the
#: offsets.
_HOLE = "\U0010fffd"


@dataclass
class _Source:
    """The text with its holes, the values that stand for a whole stretch of it, and its places."""

    whole: Span
    length: int = 0
    text: list[str] = field(default_factory=list)
    holes: dict[int, Hole] = field(default_factory=dict)
    #: Offset to (end, value): stretches whose structure is known already.
    known: dict[int, tuple[int, Value]] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        self.starts.append(self.length)
        self.pieces.append(piece)
        start, value = self.length, piece.value
        for part in value.parts if isinstance(value, Text) else (value,):
            if isinstance(part, Known):
                self._append(text([part]).value)  # type: ignore[union-attr,arg-type]
            elif isinstance(part, str):
                self._append(part)
            elif isinstance(part, (Unknown, Reference)):
                self.holes[self.length] = part
                self._append(_HOLE)
        encoded = value.encodes if isinstance(value, (Known, Text)) else None
        if encoded is not None and not isinstance(encoded, JsonFault):
            self.known[start] = (self.length, encoded)

    def _append(self, literal: str) -> None:
        self.text.append(literal)
        self.length += len(literal)

    def finished(self) -> str:
        whole = "".join(self.text)
        self.lines = [found.end() for found in re.finditer("\n", whole)]
        return whole

    def span(self, start: int, end: int) -> Span:
        line, column = self._place(start)
        if line is None:
            return self._piece(start).span
        last, behind = self._place(end)
        return Span(self.whole.file, line, column, last or line, behind if last else column)

    def _piece(self, offset: int) -> Piece:
        return self.pieces[max(bisect_right(self.starts, offset) - 1, 0)]

    def _place(self, offset: int) -> tuple[int | None, int]:
        index = max(bisect_right(self.starts, offset) - 1, 0)
        piece, start = self.pieces[index], self.starts[index]
        if piece.margin is None:
            return None, 0
        above, last = bisect_right(self.lines, start), bisect_right(self.lines, offset)
        if above == last:
            return piece.span.line, piece.span.column + offset - start
        return piece.span.line + last - above, 1 + piece.margin + offset - self.lines[last - 1]


# -- the grammar -----------------------------------------------------------------------------------

class _Invalid(Exception):
    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason, self.offset = reason, offset


_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORD = re.compile(r"true|false|null")
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None}
_CHUNK = re.compile(rf'[^"\\\x00-\x1f{_HOLE}]+')
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SCALAR_END = re.compile(r"[^\s,\]}:]*")


class _Reader:
    """Reads ``text``; ``is_spliced`` once a hole has stood where its text may be structure."""

    def __init__(self, text: str, source: _Source, number: ReadNumber) -> None:
        self.text, self.source, self.number = text, source, number
        self.offset, self.is_spliced = 0, False

    def document(self) -> Value:
        value = self.value(0)
        self.space()
        if self.offset < len(self.text):
            if self.hole() is not None:
                self.is_spliced = True
            raise _Invalid("there is more text after the end of the JSON document", self.offset)
        return value

    def space(self) -> str:
        self.offset = _SPACE.match(self.text, self.offset).end()  # type: ignore[union-attr]
        return self.text[self.offset:self.offset + 1]

    def hole(self) -> Hole | None:
        return self.source.holes.get(self.offset)

    def value(self, depth: int) -> Value:
        opening, start = self.space(), self.offset
        if depth > MAX_DEPTH:
            raise _Invalid(f"it is nested deeper than {MAX_DEPTH} levels", start)
        known = self.source.known.get(start)
        if known is not None and self._ends_at(known[0]):
            self.offset = known[0]
            return known[1]
        if opening == "{":
            return self.object(depth)
        if opening == "[":
            return self.array(depth)
        if opening == '"':
            return self.string()
        return self.scalar(start)

    def _ends_at(self, end: int) -> bool:
        behind = _SPACE.match(self.text, end).end()  # type: ignore[union-attr]
        return self.text[behind:behind + 1] in ("", ",", "]", "}")

    def scalar(self, start: int) -> Value:
        end = _SCALAR_END.match(self.text, start).end()  # type: ignore[union-attr]
        span = self.source.span(start, max(end, start + 1))
        if any(at in self.source.holes for at in range(start, end)):
            hole, self.offset = self.hole(), end
            if hole is None or end > start + 1:
                return Unknown("part of the value is not known", span=span)
            return replace(_unencoded(hole), span=span)
        found = _NUMBER.match(self.text, start) or _WORD.match(self.text, start)
        if found is None or found.end() != end:
            raise _Invalid(self._unexpected(start, end), start)
        self.offset = end
        if found.group() in _WORDS:
            return Known(_WORDS[found.group()], span)
        try:
            return Known(self.number(found.group()), span)
        except (OverflowError, ValueError):
            return Unknown("a number is beyond the scan's limits", why=Why.LIMIT, span=span)

    def _unexpected(self, start: int, end: int) -> str:
        if start >= len(self.text):
            return "the JSON document ends too early"
        if self.text.startswith(("//", "/*", "#"), start):
            return "JSON has no comments"
        if self.text[start] == "'":
            return "JSON strings stand in double quotes"
        if self.text[start] in ",]}":
            return f"a value is missing before '{self.text[start]}'"
        return f"'{self.text[start:max(end, start + 1)][:40]}' is no JSON value"

    def string(self) -> Known | Text | Unknown:
        start = self.offset
        self.offset += 1
        parts: list[Value] = []
        while True:
            chunk = _CHUNK.match(self.text, self.offset)
            if chunk:
                parts.append(Known(chunk.group()))
                self.offset = chunk.end()
            following = self.text[self.offset:self.offset + 1]
            if following == '"':
                self.offset += 1
                return text(parts or [Known("")], self.source.span(start, self.offset))
            hole = self.hole()
            if hole is not None or following == _HOLE:
                parts.append(Known(_HOLE) if hole is None else hole)
                self.offset += 1
            elif following == "\\":
                parts.append(Known(self._escaped()))
            elif following == "":
                raise _Invalid("a string is never closed", start)
            else:
                name = {"\n": "a line break", "\t": "a tab"}.get(following, "a control character")
                raise _Invalid(f"a string holds {name} that is not escaped", self.offset)

    def _escaped(self) -> str:
        found = _ESCAPE.match(self.text, self.offset)
        if found is None:
            escape = self.text[self.offset:self.offset + 2]
            raise _Invalid(f"'{escape}' is not a valid escape sequence", self.offset)
        self.offset = found.end()
        if found[2]:
            return _ESCAPED.get(found[2], found[2])
        code = int(found[1], 16)
        low = _ESCAPE.match(self.text, self.offset) if 0xD800 <= code < 0xDC00 else None
        if low and low[1] and 0xDC00 <= int(low[1], 16) < 0xE000:
            self.offset = low.end()
            return chr(0x10000 + ((code - 0xD800) << 10) + (int(low[1], 16) - 0xDC00))
        return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)

    def array(self, depth: int) -> Items:
        start = self.offset
        self.offset += 1
        items: list[Value] = []
        rest: Unknown | None = None
        separated = True
        while self.space() != "]":
            hole = self._spliced("]")
            if hole is not None:
                rest, separated = first(rest, hole), True
            elif self.text[self.offset:self.offset + 1] == ",":
                if separated and rest is None:
                    raise _Invalid("a value is missing before ','", self.offset)
                self.offset += 1
                separated = True
                if self.space() == "]" and rest is None:
                    raise _Invalid("a comma stands before the closing ']'", self.offset)
            elif not separated:
                raise _Invalid(self._missing_comma("]"), self.offset)
            else:
                items.append(self.value(depth + 1))
                separated = False
        self.offset += 1
        return Items(tuple(items), rest, self.source.span(start, self.offset))

    def object(self, depth: int) -> Entries:
        start = self.offset
        self.offset += 1
        entries: dict[str, tuple[Value, Span]] = {}
        rest: Unknown | None = None
        separated = True
        while self.space() != "}":
            hole = self._spliced("}")
            if hole is not None:
                rest, separated = first(rest, hole), True
            elif self.text[self.offset:self.offset + 1] == ",":
                if separated and rest is None:
                    raise _Invalid("a member is missing before ','", self.offset)
                self.offset += 1
                separated = True
                if self.space() == "}" and rest is None:
                    raise _Invalid("a comma stands before the closing '}'", self.offset)
            elif not separated:
                raise _Invalid(self._missing_comma("}"), self.offset)
            else:
                key, value = self.member(depth)
                separated = False
                if isinstance(key, Known):
                    entries[str(key.value)] = (value, key.span)
                else:
                    rest = first(rest, Unknown("a key is not known", span=value.span))
        self.offset += 1
        return Entries(tuple((key, value) for key, (value, _) in entries.items()), rest,
                       self.source.span(start, self.offset),
                       tuple((key, span) for key, (_, span) in entries.items()))

    def member(self, depth: int) -> tuple[Value, Value]:
        if self.text[self.offset:self.offset + 1] != '"':
            end = _SCALAR_END.match(self.text, self.offset).end()  # type: ignore[union-attr]
            reason = self._unexpected(self.offset, end)
            raise _Invalid(f"a key in double quotes is expected; {reason}", self.offset)
        key = self.string()
        if self.space() != ":":
            raise _Invalid("':' is missing after a key", self.offset)
        self.offset += 1
        return key, self.value(depth + 1)

    def _spliced(self, closer: str) -> Unknown | None:
        """The hole that stands where elements or members would, unless it is known what it
        holds."""
        hole = self.hole()
        if hole is None or (closer == "]" and self.offset in self.source.known):
            return None
        self.offset += 1
        self.is_spliced = True
        span = self.source.span(self.offset - 1, self.offset)
        if isinstance(hole, Unknown):
            return Unknown(hole.reason, why=hole.why, span=span)
        return Unknown(f"'{hole.symbol}' is known only after deployment", span=span)

    def _missing_comma(self, closer: str) -> str:
        if self.offset >= len(self.text):
            return f"'{closer}' is missing"
        if self.text.startswith(("//", "/*", "#"), self.offset):
            return "JSON has no comments"
        return f"a comma or '{closer}' is missing"
