"""JSON with the place of every value, at any indentation. Strict, as CloudFormation is: no comments,
no trailing commas."""

from __future__ import annotations

import json
import re
from bisect import bisect_right

from .nodes import MAX_DEPTH, Document, Entry, Extent, Fault, Leaf, Mapping, Node, Sequence, distinct

_SPACE = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(
    r'(?P<mark>[{}\[\],:])'
    r'|"(?P<string>[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*)"'
    r'|(?P<number>-?(?:0|[1-9][0-9]*)(?P<fraction>\.[0-9]+)?(?P<exponent>[eE][+-]?[0-9]+)?)(?![\w.])'
    r'|(?P<word>true|false|null)(?!\w)')
_WORDS = {"true": True, "false": False, "null": None}
#: Longer numbers stay text: Python itself refuses to convert them.
_MAX_DIGITS = 300


def read(text: str) -> Document:
    """The document. Raises Fault."""
    return _Reader(text).document()


class _Open:
    """An object or array whose end has not been seen."""

    __slots__ = ("start", "is_object", "entries", "items", "key")

    def __init__(self, start: int, is_object: bool) -> None:
        self.start, self.is_object = start, is_object
        self.entries: list[Entry] = []
        self.items: list[Node] = []
        self.key: tuple[str, Extent] | None = None


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._faults: list[Fault] = []
        self._position = 0

    def document(self) -> Document:
        stack: list[_Open] = []
        while True:
            node = self._value(stack)
            while node is not None:
                if not stack:
                    self._end()
                    return Document(node, tuple(self._faults))
                node = self._place(stack, node)

    def _value(self, stack: list[_Open]) -> Node | None:
        """The value at the position; None when it is a container that has been opened instead."""
        if stack and stack[-1].is_object:
            stack[-1].key = self._key()
        match = self._token("a value")
        kind, start, end = match.lastgroup, match.start(), match.end()
        if kind == "mark":
            if match[0] not in "{[":
                raise self._fault(f"expected a value, found '{match[0]}'", start)
            stack.append(_Open(start, match[0] == "{"))
            if len(stack) > MAX_DEPTH:
                raise self._fault(f"is nested deeper than {MAX_DEPTH} levels", start)
            return self._closed(stack) if self._peek() in ("}", "]") else None
        if kind == "string":
            return Leaf(self._string(match), self._extent(start, end))
        if kind == "word":
            return Leaf(_WORDS[match[0]], self._extent(start, end))
        return Leaf(_number(match), self._extent(start, end))

    def _place(self, stack: list[_Open], node: Node) -> Node | None:
        """Puts the node into its container; gives the container when that is thereby complete."""
        inner = stack[-1]
        if inner.key is not None:
            inner.entries.append(Entry(*inner.key, node))
        else:
            inner.items.append(node)
        match = self._token("',' or the end of the list or object")
        if match[0] == ",":
            if self._peek() in ("}", "]"):
                raise self._fault("a comma stands before the end of a list or object", match.start())
            return None
        self._position = match.start()
        return self._closed(stack)

    def _closed(self, stack: list[_Open]) -> Node:
        match, done = self._token("the end of the list or object"), stack.pop()
        if match[0] != ("}" if done.is_object else "]"):
            raise self._fault(f"expected ',' or the end of the list or object, found '{match[0][:20]}'",
                              match.start())
        extent = self._extent(done.start, match.end())
        if not done.is_object:
            return Sequence(tuple(done.items), extent)
        entries, faults = distinct(done.entries)
        self._faults.extend(faults)
        return Mapping(entries, extent)

    def _key(self) -> tuple[str, Extent]:
        match = self._token("a key")
        if match.lastgroup != "string":
            raise self._fault(f"expected a key in double quotes, found '{match[0][:20]}'", match.start())
        colon = self._token("':'")
        if colon[0] != ":":
            raise self._fault(f"expected ':' after the key '{match['string'][:40]}'", colon.start())
        return self._string(match), self._extent(match.start(), match.end())

    def _string(self, match: re.Match[str]) -> str:
        raw = match["string"]
        if "\\" not in raw:
            return raw
        try:
            return str(json.loads(f'"{raw}"'))
        except ValueError:
            raise self._fault("a string holds an escape that JSON does not know",
                              match.start()) from None

    def _peek(self) -> str:
        space = _SPACE.match(self._text, self._position)
        at = space.end() if space else self._position
        return self._text[at:at + 1]

    def _token(self, wanted: str) -> re.Match[str]:
        space = _SPACE.match(self._text, self._position)
        at = space.end() if space else self._position
        match = _TOKEN.match(self._text, at)
        if match is None:
            raise self._fault(_refusal(self._text[at:at + 2], wanted), at)
        self._position = match.end()
        return match

    def _end(self) -> None:
        rest = self._peek()
        if rest:
            space = _SPACE.match(self._text, self._position)
            at = space.end() if space else self._position
            raise self._fault(_refusal(self._text[at:at + 2], "the end of the file"), at)

    def _extent(self, start: int, end: int) -> Extent:
        return (*self._place_of(start), *self._place_of(end))

    def _place_of(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def _fault(self, reason: str, offset: int) -> Fault:
        return Fault(reason, self._extent(offset, offset))


def _refusal(found: str, wanted: str) -> str:
    if not found:
        return f"expected {wanted}, found the end of the file"
    if found in ("//", "/*") or found[0] == "#":
        return "JSON has no comments"
    if found[0] == '"':
        return "a string has no end on its line"
    return f"expected {wanted}, found '{found[0]}'"


def _number(match: re.Match[str]) -> int | float | str:
    if len(match[0]) > _MAX_DIGITS:
        return match[0]
    if match["fraction"] or match["exponent"]:
        value = float(match[0])
        return value if value not in (float("inf"), float("-inf")) else match[0]
    return int(match[0])
