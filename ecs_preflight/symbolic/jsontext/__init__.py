"""JSON in a text with holes, read into values, each with the place where it was written.

A hole inside a string stays a hole of that string. A hole that stands as a whole value is that
value. A hole that stands where a list element or an object member would may be any number of them
(as ``[${join(",", definitions)}]`` and ``${condition ? ",{...}" : ""}`` are), so it becomes the
``remainder``. A text that cannot be JSON whatever the holes become is a JsonFault.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..records import replace
from ..source import Span
from ..terms import Scalar, operation
from ..values import (
    JsonFault,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
)
from .places import Piece, SourceMap
from .reader import Invalid, Reader, ReadNumber, TooLarge, unencoded

__all__ = ["JsonFault", "Piece", "looks_like_json", "parse_json", "parse_pieces"]

#: A longer text is not read (characters).
MAX_LENGTH = 4 * 1024 * 1024


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
        found = unencoded(value)
        return (
            found
            if found != value
            else replace(value, symbol=operation("jsondecode", value.symbol))
        )
    if isinstance(value, Text) or (isinstance(value, Known) and isinstance(value.value, str)):
        return parse_pieces([Piece(value, value.span)], value.span, number)
    return value


def parse_pieces(
    pieces: Iterable[Piece], span: Span, number: ReadNumber | None = None
) -> Value | JsonFault:
    """As parse_json, for a text of pieces that know where they stand; ``span`` is the whole's."""
    source = SourceMap.of(pieces)
    reader = Reader(source, number or _plain_number)
    try:
        if len(source.text) > MAX_LENGTH:
            raise TooLarge
        return reader.document()
    except TooLarge:
        return Unknown("the JSON text is beyond the scan's limits", why=Why.LIMIT, span=span)
    except Invalid as invalid:
        if reader.is_spliced or invalid.offset in source.holes:
            # What stands in its place may mend the text as well as break it.
            return Unknown("the JSON text depends on values that are not known", span=span)
        return JsonFault(invalid.reason, source.span(invalid.offset, invalid.offset + 1))


def _plain_number(digits: str) -> Scalar:
    """Raises ValueError for a number that Python does not hold."""
    if not set(digits) & set(".eE"):
        return int(digits)
    if math.isinf(float(digits)):
        raise ValueError("the number is too large")
    return float(digits)
