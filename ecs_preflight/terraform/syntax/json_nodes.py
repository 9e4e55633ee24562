"""JSON with the place of every value."""

from __future__ import annotations

import re
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Union

from ...symbolic.patterns import regex
from ...symbolic.records import dataclass
from ...symbolic.source import beyond
from . import numeric
from .text import MAX_DEPTH, SourceText

_SPACE = regex(r"[ \t\r\n]*")
_NUMBER = regex(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORD = regex(r"true|false|null")
_WORDS = {"true": True, "false": False, "null": None}
_CHARACTER = regex(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|[^\\]", re.DOTALL)
_SURROGATE = regex("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number, string, bool or null, with its offsets."""

    value: Union[bool, int, float, str, None]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Array:
    """A list, with its offsets."""

    items: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class OffsetMapping:
    """An object; its keys are Scalars with a string. A key may occur more than once."""

    members: tuple[tuple[Scalar, Node], ...]
    start: int
    end: int


Node = Union[Scalar, Array, OffsetMapping]


def read(text: SourceText) -> Node:
    """The one JSON value that the text is. Raises SyntaxFault."""
    reader = _JsonNodeReader(text)
    node = reader.value(reader.space(0), 0)
    end = reader.space(node.end)
    if end < len(text.text):
        raise reader.unexpected(end)
    return node


def inner(text: SourceText, node: Scalar) -> SourceText:
    """A string's value as a text of its own, whose offsets lead back to the file."""
    assert isinstance(node.value, str)
    raw = text.text[node.start + 1 : node.end - 1]
    if "\\" not in raw:
        return text.within(node.value, range(node.start + 1, node.end))
    offsets = [node.start + 1 + found.start() for found in _CHARACTER.finditer(raw)]
    return text.within(node.value, [*offsets, node.end - 1])


class _JsonNodeReader:
    def __init__(self, text: SourceText) -> None:
        self.text = text

    def space(self, position: int) -> int:
        found = _SPACE.match(self.text.text, position)
        return found.end() if found else position

    def unexpected(self, position: int, wanted: str = "") -> Exception:
        found = self.text.text[position : position + 1]
        reason = f"unexpected '{found}'" if found else "unexpected end"
        return self.text.fault(f"{reason}, {wanted} is missing" if wanted else reason, position)

    def value(self, start: int, depth: int) -> Node:
        text = self.text.text
        first = text[start : start + 1]
        if depth > MAX_DEPTH:
            raise self.text.fault(beyond(f"nested deeper than {MAX_DEPTH} levels"), start)
        if first == '"':
            return self.string(start)
        if first == "{":
            return self.mapping(start, depth)
        if first == "[":
            return self.array(start, depth)
        if word := _WORD.match(text, start):
            return Scalar(_WORDS[word.group()], start, word.end())
        if number := _NUMBER.match(text, start):
            return self.number(number)
        raise self.unexpected(start)

    def string(self, start: int) -> Scalar:
        try:
            value, end = scanstring(self.text.text, start + 1, True)
        except JSONDecodeError as error:
            reason = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
            raise self.text.fault(reason, error.pos) from None
        return Scalar(value if value.isascii() else _SURROGATE.sub("\ufffd", value), start, end)

    def number(self, found: re.Match[str]) -> Scalar:
        try:
            value = numeric.parse(found.group())
        except OverflowError as error:
            raise self.text.fault(beyond(str(error)), *found.span()) from None
        if value is None:
            raise self.text.fault("not a number that can be read", *found.span())
        return Scalar(value, found.start(), found.end())

    def array(self, start: int, depth: int) -> Array:
        items: list[Node] = []
        position = self.space(start + 1)
        while self.text.text[position : position + 1] != "]" or items:
            items.append(self.value(position, depth + 1))
            position = self.space(items[-1].end)
            if self.text.text[position : position + 1] != ",":
                break
            position = self.space(position + 1)
        if self.text.text[position : position + 1] != "]":
            raise self.unexpected(position, "',' or ']'")
        return Array(tuple(items), start, position + 1)

    def mapping(self, start: int, depth: int) -> OffsetMapping:
        text = self.text.text
        members: list[tuple[Scalar, Node]] = []
        position = self.space(start + 1)
        while text[position : position + 1] != "}" or members:
            if text[position : position + 1] != '"':
                raise self.unexpected(position, "a quoted key")
            key = self.string(position)
            position = self.space(key.end)
            if text[position : position + 1] != ":":
                raise self.unexpected(position, "':'")
            members.append((key, self.value(self.space(position + 1), depth + 1)))
            position = self.space(members[-1][1].end)
            if text[position : position + 1] != ",":
                break
            position = self.space(position + 1)
        if text[position : position + 1] != "}":
            raise self.unexpected(position, "',' or '}'")
        return OffsetMapping(tuple(members), start, position + 1)
