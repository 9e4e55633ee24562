"""Canonical names of symbolic values: the same expression over the same symbols has the same name.

A negation is its base's symbol behind ``!``, so that ``x``, ``!x``, ``x == false`` and ``x !=
true`` are one choice.
"""

from __future__ import annotations

import hashlib
import json

from ...symbolic.source import NOWHERE, Span
from ...symbolic.values import (
    Items,
    Known,
    Reference,
    Scalar,
    Text,
    Unknown,
    Value,
    Why,
    first,
    scalar_text,
    why_not,
)
from ...symbolic.worlds import readable

#: A longer symbol is cut, and told apart by its hash.
MAX_SYMBOL = 300
#: A collection in a symbol is shortened sooner: what is done with it tells a reader more.
MAX_COLLECTION = 60


def literal_symbol(value: Scalar) -> str:
    """A scalar as HCL writes it."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return "null" if value is None else scalar_text(value)


def symbol_of(value: Value) -> str:
    """The value's canonical name, or "" when part of it has none."""
    if isinstance(value, Known):
        return literal_symbol(value.value)
    if isinstance(value, Unknown):
        return value.symbol
    if isinstance(value, Reference):
        return value.symbol if value.attribute not in ("", "*") else value.address
    if isinstance(value, Text):
        pieces = [part if isinstance(part, str) else symbol_of(part) for part in value.parts]
        if not all(pieces):
            return ""
        return (
            '"'
            + "".join(
                piece if isinstance(part, str) else "${" + piece + "}"
                for part, piece in zip(value.parts, pieces, strict=True)
            )
            + '"'
        )
    if isinstance(value, Items):
        listed = [symbol_of(item) for item in value.items]
    else:
        listed = [_pair(key, symbol_of(item)) for key, item in value.entries]
    if value.remainder is not None:
        listed.append(value.remainder.symbol and value.remainder.symbol + "...")
    if not all(listed):
        return ""
    opening, closing = "[]" if isinstance(value, Items) else "{}"
    whole = opening + ", ".join(listed) + closing
    if len(whole) > MAX_COLLECTION:
        named = listed if isinstance(value, Items) else [key for key, _ in value.entries]
        whole = f"{opening}{', '.join(named)[:MAX_COLLECTION]} ...{closing}{_mark(whole)}"
    return f"toset({whole})" if isinstance(value, Items) and value.is_set else whole


def _pair(key: str, symbol: str) -> str:
    return symbol and f"{json.dumps(key, ensure_ascii=False)} = {symbol}"


def compose(form: str, *operands: Value) -> str:
    """``form`` with each ``{}`` filled by an operand's symbol; "" when one has none."""
    symbols = [symbol_of(operand) for operand in operands]
    if not all(symbols):
        return ""
    whole = form.format(*symbols)
    if len(whole) <= MAX_SYMBOL:
        return whole
    return whole[:MAX_SYMBOL] + _mark(whole)


def _mark(whole: str) -> str:
    """What tells a shortened symbol apart."""
    return "#" + hashlib.sha256(whole.encode()).hexdigest()[:16]


def call_symbol(function: str, operands: tuple[Value, ...]) -> str:
    return compose(function + "(" + ", ".join(["{}"] * len(operands)) + ")", *operands)


def negated(symbol: str) -> str:
    if not symbol:
        return ""
    return symbol[1:] if symbol.startswith("!") else "!" + symbol


def cause(*values: Value) -> Unknown:
    """Why something that is computed from ``values`` is not known: the first of them that is
    not."""
    found = first(*(why_not(value) for value in values))
    return Unknown("it is known only after deployment") if found is None else found


def derived(form: str, *operands: Value, span: Span = NOWHERE, why: Why | None = None) -> Unknown:
    """The unknown result of computing ``form`` from operands that are not all known."""
    reason = cause(*operands)
    return Unknown(reason.reason, compose(form, *operands), why or reason.why, span=span)


def named(condition: Value) -> str:
    """A condition as a reason names it."""
    symbol = readable(symbol_of(condition).removeprefix("!"))
    return f"'{symbol}'" if symbol else "a condition that is not known"
