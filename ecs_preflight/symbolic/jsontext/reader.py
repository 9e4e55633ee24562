"""The grammar of JSON (RFC 8259) over a text with holes.

Of duplicate keys the last one counts, as for Go's decoder.
"""

from __future__ import annotations

from collections.abc import Callable

from ..patterns import regex
from ..records import replace
from ..source import Span
from ..terms import Operation, Scalar
from ..values import (
    Entries,
    Hole,
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    first,
    text,
)
from .places import HOLE, SourceMap

#: Deeper documents and those of more values are not read.
MAX_DEPTH = 200
MAX_VALUES = 300_000

ReadNumber = Callable[[str], Scalar]


class Invalid(Exception):
    """The text is not JSON: why, and at which offset."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason, self.offset = reason, offset


class TooLarge(Exception):
    """The document has more than MAX_VALUES values, or nests deeper than MAX_DEPTH."""


def unencoded(hole: Hole) -> Hole:
    """A hole that stands as a whole JSON value, with what ``jsonencode`` did to it undone."""
    if isinstance(hole, Reference):
        return hole
    encoded = hole.symbol
    if isinstance(encoded, Operation) and encoded.operator == "jsonencode":
        return replace(hole, symbol=encoded.operands[0])
    return hole


_SPACE = regex(r"[ \t\r\n]*")
_NUMBER = regex(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORD = regex(r"true|false|null")
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None}
_CHUNK = regex(rf'[^"\\\x00-\x1f{HOLE}]+')
_ESCAPE = regex(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SCALAR_END = regex(r"[^\s,\]}:]*")


class Reader:
    """Reads ``text``; ``is_spliced`` once a hole has stood where its text may be structure."""

    def __init__(self, source: SourceMap, number: ReadNumber) -> None:
        self.text, self.source, self.number = source.text, source, number
        self.offset, self.is_spliced, self.count = 0, False, 0

    def document(self) -> Value:
        """The one value of the text. Raises Invalid and TooLarge, as all of these."""
        value = self.value(0)
        self.space()
        if self.offset < len(self.text):
            raise Invalid("there is more text after the end of the JSON document", self.offset)
        return value

    def space(self) -> str:
        """Passes over white space; gives the character behind it, "" at the end."""
        self.offset = _SPACE.match(self.text, self.offset).end()  # type: ignore[union-attr]
        return self.text[self.offset : self.offset + 1]

    def hole(self) -> Hole | None:
        """The hole that stands here; None where there is none."""
        return self.source.holes.get(self.offset)

    def value(self, depth: int) -> Value:
        """Any value; ``depth`` is how many lists and objects it stands in."""
        opening, start = self.space(), self.offset
        self.count += 1
        if self.count > MAX_VALUES or depth > MAX_DEPTH:
            raise TooLarge
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
        return self.scalar(start, depth)

    def _ends_at(self, end: int) -> bool:
        behind = _SPACE.match(self.text, end).end()  # type: ignore[union-attr]
        return self.text[behind : behind + 1] in ("", ",", "]", "}")

    def scalar(self, start: int, depth: int) -> Value:
        """A number, true, false or null, or a hole in its place."""
        end = _SCALAR_END.match(self.text, start).end()  # type: ignore[union-attr]
        span = self.source.span(start, max(end, start + 1))
        if any(at in self.source.holes for at in range(start, end)):
            hole, self.offset = self.hole(), end
            is_alone = hole is not None and end == start + 1
            self.is_spliced = self.is_spliced or depth == 0 or not is_alone
            if hole is None or not is_alone:
                return Unknown("part of the value is not known", span=span)
            return replace(unencoded(hole), span=span)
        found = _NUMBER.match(self.text, start) or _WORD.match(self.text, start)
        if found is None or found.end() != end:
            raise Invalid(self._unexpected(start, end), start)
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
        return f"'{self.text[start : max(end, start + 1)][:40]}' is no JSON value"

    def string(self) -> Known | Text | Unknown:
        """A string, with the holes in it."""
        start = self.offset
        self.offset += 1
        parts: list[Value] = []
        while True:
            chunk = _CHUNK.match(self.text, self.offset)
            if chunk:
                parts.append(Known(chunk.group()))
                self.offset = chunk.end()
            following = self.text[self.offset : self.offset + 1]
            if following == '"':
                self.offset += 1
                return text(parts or [Known("")], self.source.span(start, self.offset))
            hole = self.hole()
            if hole is not None or following == HOLE:
                parts.append(Known(HOLE) if hole is None else hole)
                self.offset += 1
            elif following == "\\":
                parts.append(Known(self._escaped()))
            elif following == "":
                raise Invalid("a string is never closed", start)
            else:
                name = {"\n": "a line break", "\t": "a tab"}.get(following, "a control character")
                raise Invalid(f"a string holds {name} that is not escaped", self.offset)

    def _escaped(self) -> str:
        found = _ESCAPE.match(self.text, self.offset)
        if found is None:
            escape = self.text[self.offset : self.offset + 2]
            raise Invalid(f"'{escape}' is not a valid escape sequence", self.offset)
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
        """A list; a hole in it may be any number of elements."""
        start = self.offset
        self.offset += 1
        items: list[Value] = []
        remainder: Unknown | None = None
        separated = True
        while self.space() != "]":
            hole = self._spliced("]")
            if hole is not None:
                remainder, separated = first(remainder, hole), True
            elif self.text[self.offset : self.offset + 1] == ",":
                if separated and remainder is None:
                    raise Invalid("a value is missing before ','", self.offset)
                self.offset += 1
                separated = True
                if self.space() == "]" and remainder is None:
                    raise Invalid("a comma stands before the closing ']'", self.offset)
            elif not separated:
                raise Invalid(self._missing_comma("]"), self.offset)
            else:
                items.append(self.value(depth + 1))
                separated = False
        self.offset += 1
        return Items(tuple(items), remainder, self.source.span(start, self.offset))

    def object(self, depth: int) -> Entries:
        """An object; a hole in it may be any number of members."""
        start = self.offset
        self.offset += 1
        entries: dict[str, tuple[Value, Span]] = {}
        remainder: Unknown | None = None
        separated = True
        while self.space() != "}":
            hole = self._spliced("}")
            if hole is not None:
                remainder, separated = first(remainder, hole), True
            elif self.text[self.offset : self.offset + 1] == ",":
                if separated and remainder is None:
                    raise Invalid("a member is missing before ','", self.offset)
                self.offset += 1
                separated = True
                if self.space() == "}" and remainder is None:
                    raise Invalid("a comma stands before the closing '}'", self.offset)
            elif not separated:
                raise Invalid(self._missing_comma("}"), self.offset)
            else:
                key, value = self.member(depth)
                separated = False
                if isinstance(key, Known):
                    entries[str(key.value)] = (value, key.span)
                else:
                    remainder = first(remainder, Unknown("a key is not known", span=value.span))
        self.offset += 1
        return Entries(
            tuple((key, value) for key, (value, _) in entries.items()),
            remainder,
            self.source.span(start, self.offset),
            tuple((key, span) for key, (_, span) in entries.items()),
        )

    def member(self, depth: int) -> tuple[Value, Value]:
        """A key and its value."""
        if self.text[self.offset : self.offset + 1] != '"':
            end = _SCALAR_END.match(self.text, self.offset).end()  # type: ignore[union-attr]
            reason = self._unexpected(self.offset, end)
            raise Invalid(f"a key in double quotes is expected; {reason}", self.offset)
        key = self.string()
        if self.space() != ":":
            raise Invalid("':' is missing after a key", self.offset)
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
