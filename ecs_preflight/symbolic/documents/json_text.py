"""JSON with the place of every value, at any indentation. Strict, as CloudFormation is: no
comments, no trailing commas."""

from __future__ import annotations

import json
import re

from ..patterns import regex
from ..source import beyond
from .nodes import (
    MAX_DEPTH,
    Document,
    DocumentFault,
    Entry,
    Extent,
    Leaf,
    MappingNode,
    Node,
    SequenceNode,
    distinct,
)

_STRING = r'"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*"'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_SPACE = regex(r"[ \t\r\n]*")
_VALUE = regex(rf"[ \t\r\n]*({_STRING}|[{{\[]|(?:{_NUMBER}|true|false|null)(?![\w.]))")
_KEY = regex(rf"[ \t\r\n]*({_STRING})[ \t\r\n]*:")
_NEXT = regex(r"[ \t\r\n]*([,}\]])")
_END = regex(r"[ \t\r\n]*([}\]])")
_KEY_ALONE = regex(_STRING)
_WORDS = {"true": True, "false": False, "null": None}
#: Longer numbers stay text: Python itself refuses to convert them.
_MAX_DIGITS = 300


def read(text: str) -> Document:
    """The document. Raises Fault."""
    return _JsonTextReader(text).document()


class _OpenJson:
    """An object or array whose end has not been seen."""

    __slots__ = ("entries", "is_object", "items", "key", "place")

    def __init__(self, place: tuple[int, int], is_object: bool) -> None:
        self.place, self.is_object = place, is_object
        self.entries: list[Entry] = []
        self.items: list[Node] = []
        self.key: tuple[str, Extent] = ("", (0, 0, 0, 0))


class _JsonTextReader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        #: The line of the last token, where it starts, and where it ends.
        self._line, self._start, self._end = 1, 0, text.find("\n")
        self._stack: list[_OpenJson] = []
        self._faults: list[DocumentFault] = []

    def document(self) -> Document:
        while True:
            node = self._value()
            while node is not None:
                if not self._stack:
                    self._finish()
                    return Document(node, tuple(self._faults))
                node = self._put(node)

    def _value(self) -> Node | None:
        """The value at the position; None when it is a container that has been opened instead."""
        if self._stack and self._stack[-1].is_object:
            self._stack[-1].key = self._key()
        match = _VALUE.match(self._text, self._position)
        if match is None:
            raise self._refused("a value")
        self._position = match.end()
        word, place = match[1], self._place(match.start(1))
        if word in ("{", "["):
            self._stack.append(_OpenJson(place, word == "{"))
            if len(self._stack) > MAX_DEPTH:
                raise self._fault(beyond(f"nested deeper than {MAX_DEPTH} levels"), match.start(1))
            end = _END.match(self._text, self._position)
            return None if end is None else self._closed(end)
        extent = (*place, place[0], place[1] + len(word))
        if word[0] == '"':
            return Leaf(self._string(word, match.start(1)), extent)
        return Leaf(_WORDS[word] if word in _WORDS else _number(word), extent)

    def _put(self, node: Node) -> Node | None:
        """Puts the node into its container; gives the container when that is thereby complete."""
        inner = self._stack[-1]
        if inner.is_object:
            inner.entries.append(Entry(*inner.key, node))
        else:
            inner.items.append(node)
        match = _NEXT.match(self._text, self._position)
        if match is None:
            raise self._refused("',' or the end of the list or object")
        if match[1] != ",":
            return self._closed(match)
        self._position = match.end()
        if _END.match(self._text, self._position):
            raise self._fault("a comma stands before the end of a list or object", match.start(1))
        return None

    def _closed(self, end: re.Match[str]) -> Node:
        done = self._stack.pop()
        self._position = end.end()
        if end[1] != ("}" if done.is_object else "]"):
            raise self._fault(
                f"expected ',' or the end of the list or object, found '{end[1]}'", end.start(1)
            )
        line, column = self._place(end.start(1))
        extent = (*done.place, line, column + 1)
        if not done.is_object:
            return SequenceNode(tuple(done.items), extent)
        entries, faults = distinct(done.entries)
        self._faults.extend(faults)
        return MappingNode(entries, extent)

    def _key(self) -> tuple[str, Extent]:
        match = _KEY.match(self._text, self._position)
        if match is None:
            raise self._keyless()
        self._position = match.end()
        line, column = self._place(match.start(1))
        return (
            self._string(match[1], match.start(1)),
            (line, column, line, column + len(match[1])),
        )

    def _string(self, quoted: str, offset: int) -> str:
        if "\\" not in quoted:
            return quoted[1:-1]
        try:
            return str(json.loads(quoted))
        except ValueError:
            raise self._fault("a string holds an escape that JSON does not know", offset) from None

    def _place(self, offset: int) -> tuple[int, int]:
        """Line and column; offsets are asked for in the order of the text."""
        while 0 <= self._end < offset:
            self._line, self._start = self._line + 1, self._end + 1
            self._end = self._text.find("\n", self._start)
        return self._line, offset - self._start + 1

    # -- faults ------------------------------------------------------------------------------------

    def _next(self) -> int:
        space = _SPACE.match(self._text, self._position)
        return space.end() if space else self._position

    def _finish(self) -> None:
        if self._next() < len(self._text):
            raise self._refused("the end of the file")

    def _keyless(self) -> DocumentFault:
        key = _KEY_ALONE.match(self._text, self._next())
        if key is None:
            return self._refused("a key in double quotes")
        self._position = key.end()
        return self._refused(f"':' after the key {key[0][:40]}")

    def _refused(self, wanted: str) -> DocumentFault:
        offset = self._next()
        found = self._text[offset : offset + 2]
        if found in ("//", "/*") or found[:1] == "#":
            return self._fault("JSON has no comments", offset)
        if found[:1] == '"' and not _KEY_ALONE.match(self._text, offset):
            return self._fault("a string has no end on its line", offset)
        name = f"'{found[0]}'" if found else "the end of the file"
        return self._fault(f"expected {wanted}, found {name}", offset)

    def _fault(self, reason: str, offset: int) -> DocumentFault:
        line = self._text.count("\n", 0, offset) + 1
        column = offset - self._text.rfind("\n", 0, offset)
        return DocumentFault(reason, (line, column, line, column))


def _number(word: str) -> int | float | str:
    if len(word) > _MAX_DIGITS:
        return word
    if any(sign in word for sign in ".eE"):
        value = float(word)
        return value if value not in (float("inf"), float("-inf")) else word
    return int(word)
