"""``jsonencode``, of values that are partly unknown too.

Source: the Terraform documentation, "jsonencode Function"; Go's ``encoding/json``, which escapes
``<``, ``>``, ``&``, U+2028 and U+2029.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from ...source import NOWHERE, Span
from ...values import Items, Known, Reference, Text, Unknown, Value, scalar_text, text

_ESCAPED = re.compile(r"[<>&\u2028\u2029]")


def encoded(value: Value, span: Span = NOWHERE) -> Known | Text | Unknown:
    """The JSON text of ``value``, which remembers the structure it encodes."""
    whole = text(list(_pieces(value)), span)
    return whole if isinstance(whole, Unknown) else replace(
        whole, encodes=None if isinstance(value, Unknown) else value)


def _pieces(value: Value) -> Iterator[Value]:
    if isinstance(value, Known):
        yield Known(_scalar(value))
    elif isinstance(value, Unknown):
        yield replace(value, symbol=value.symbol and f"jsonencode({value.symbol})")
    elif isinstance(value, (Text, Reference)):
        yield Known('"')
        for part in value.parts if isinstance(value, Text) else (value,):
            yield Known(quoted(part)[1:-1]) if isinstance(part, str) else part
        yield Known('"')
    elif isinstance(value, Items):
        yield Known("[")
        for position, item in enumerate(value.items):
            yield Known("," if position else "")
            yield from _pieces(item)
        yield from _rest(value.rest)
        yield Known("]")
    else:
        yield Known("{")
        for position, (key, item) in enumerate(sorted(value.entries, key=lambda pair: pair[0])):
            yield Known(("," if position else "") + quoted(key) + ":")
            yield from _pieces(item)
        yield from _rest(value.rest)
        yield Known("}")


def _rest(rest: Unknown | None) -> Iterator[Value]:
    """What stands for the members that are not known: a hole that is no single member."""
    if rest is not None:
        yield replace(rest, symbol="")


def _scalar(value: Known) -> str:
    if isinstance(value.value, str):
        return quoted(value.value)
    return "null" if value.value is None else scalar_text(value.value)


def quoted(literal: str) -> str:
    """A JSON string as Go writes it."""
    written = json.dumps(literal, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
