"""``jsonencode``, of values that are partly unknown too.

Source: the Terraform documentation, "jsonencode Function"; Go's ``encoding/json``, which escapes
``<``, ``>``, ``&``, U+2028 and U+2029.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from ....symbolic.patterns import regex
from ....symbolic.records import replace
from ....symbolic.source import NOWHERE, Span
from ....symbolic.terms import operation, scalar_text
from ....symbolic.values import (
    Items,
    Known,
    Reference,
    Shape,
    Text,
    Unknown,
    Value,
    text,
)
from ..comparison import wholly_known
from ..symbols import cause

#: One for all: ``json.dumps`` makes one for each text.
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_ESCAPED = regex(r"[<>&\u2028\u2029]")


def encoded(value: Value, span: Span = NOWHERE) -> Known | Text | Unknown:
    """The JSON text of ``value``, which remembers the structure it encodes."""
    pieces: list[Value | str] = []
    _write(value, pieces)
    whole = text(pieces, span)
    return (
        whole
        if isinstance(whole, Unknown)
        else replace(whole, encodes=None if isinstance(value, Unknown) else value)
    )


def _write(value: Value, pieces: list[Value | str]) -> None:
    """Adds what the value reads as."""
    if isinstance(value, Known):
        pieces.append(_scalar(value))
    elif isinstance(value, Unknown):
        whole = operation("jsonencode", value.symbol)
        pieces.append(replace(value, symbol=whole, shape=Shape.FILLED))
    elif isinstance(value, (Text, Reference)):
        pieces.append('"')
        for part in value.parts if isinstance(value, Text) else (value,):
            pieces.append(quoted(part)[1:-1] if isinstance(part, str) else part)
        pieces.append('"')
    elif isinstance(value, Items):
        if value.is_set and not wholly_known(value):
            # In whatever order.
            _enclose("[", (), cause(value), "]", pieces)
        else:
            members = [("", item) for item in value.items]
            _enclose("[", members, value.remainder, "]", pieces)
    else:
        pairs = sorted(value.entries, key=lambda pair: pair[0])
        _enclose("{", [(f"{quoted(k)}:", v) for k, v in pairs], value.remainder, "}", pieces)


def _enclose(
    opener: str,
    members: Iterable[tuple[str, Value]],
    remainder: Unknown | None,
    closer: str,
    pieces: list[Value | str],
) -> None:
    """Adds the members in their order, each after its key; what is not known may stand between any
    two, commas included."""
    separator: Value | str = "," if remainder is None else replace(remainder, symbol=None)
    pieces.append(opener)
    for position, (key, member) in enumerate(members):
        if position or remainder is not None:
            pieces.append(separator)
        if key:
            pieces.append(key)
        _write(member, pieces)
    if remainder is not None:
        pieces.append(separator)
    pieces.append(closer)


def _scalar(value: Known) -> str:
    if isinstance(value.value, str):
        return quoted(value.value)
    return "null" if value.value is None else scalar_text(value.value)


def quoted(literal: str) -> str:
    """A JSON string as Go writes it."""
    written = _ENCODER.encode(literal)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
