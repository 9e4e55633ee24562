"""``jsonencode``, of values that are partly unknown too.

Source: the Terraform documentation, "jsonencode Function"; Go's ``encoding/json``, which escapes
``<``, ``>``, ``&``, U+2028 and U+2029.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ....symbolic.records import replace
from ....symbolic.source import NOWHERE, Span
from ....symbolic.terms import operation, scalar_text
from ....symbolic.values import (
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    text,
)
from ..comparison import wholly_known
from ..symbols import cause

_ESCAPED = re.compile(r"[<>&\u2028\u2029]")


def encoded(value: Value, span: Span = NOWHERE) -> Known | Text | Unknown:
    """The JSON text of ``value``, which remembers the structure it encodes."""
    whole = text(list(_pieces(value)), span)
    return (
        whole
        if isinstance(whole, Unknown)
        else replace(whole, encodes=None if isinstance(value, Unknown) else value)
    )


def _pieces(value: Value) -> Iterator[Value]:
    if isinstance(value, Known):
        yield Known(_scalar(value))
    elif isinstance(value, Unknown):
        yield replace(value, symbol=operation("jsonencode", value.symbol))
    elif isinstance(value, (Text, Reference)):
        yield Known('"')
        for part in value.parts if isinstance(value, Text) else (value,):
            yield Known(quoted(part)[1:-1]) if isinstance(part, str) else part
        yield Known('"')
    elif isinstance(value, Items):
        if value.is_set and not wholly_known(value):
            # In whatever order.
            yield from _enclosed("[", [], cause(value), "]")
        else:
            yield from _enclosed(
                "[", [list(_pieces(item)) for item in value.items], value.remainder, "]"
            )
    else:
        pairs = sorted(value.entries, key=lambda pair: pair[0])
        members = [[Known(quoted(key) + ":"), *_pieces(item)] for key, item in pairs]
        yield from _enclosed("{", members, value.remainder, "}")


def _enclosed(
    opener: str, members: list[list[Value]], remainder: Unknown | None, closer: str
) -> Iterator[Value]:
    """The members in their order; what is not known may stand between any two, commas included."""
    separator: Value = Known(",") if remainder is None else replace(remainder, symbol=None)
    yield Known(opener)
    for position, member in enumerate(members):
        if position or remainder is not None:
            yield separator
        yield from member
    if remainder is not None:
        yield separator
    yield Known(closer)


def _scalar(value: Known) -> str:
    if isinstance(value.value, str):
        return quoted(value.value)
    return "null" if value.value is None else scalar_text(value.value)


def quoted(literal: str) -> str:
    """A JSON string as Go writes it."""
    written = json.dumps(literal, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
