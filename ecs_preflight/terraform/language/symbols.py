"""The terms of Terraform's values: the same expression over the same values has the same term."""

from __future__ import annotations

from ...symbolic.source import NOWHERE, Span
from ...symbolic.terms import (
    Constant,
    Name,
    Term,
    conditional,
    element,
    is_negation,
    negated,
    operation,
)
from ...symbolic.values import (
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    first,
    why_not,
)


def symbol_of(value: Value) -> Term | None:
    """The value's term, or None when part of it has none."""
    if isinstance(value, Known):
        return Constant(value.value)
    if isinstance(value, Unknown):
        return value.symbol
    if isinstance(value, Reference):
        return value.symbol if value.attribute not in ("", "*") else Name(value.address)
    if isinstance(value, Text):
        return operation(
            "text",
            *(Constant(part) if isinstance(part, str) else symbol_of(part) for part in value.parts),
        )
    remainder = () if value.remainder is None else (operation("...", value.remainder.symbol),)
    if isinstance(value, Items):
        kind = "set" if value.is_set else "list"
        return operation(kind, *map(symbol_of, value.items), *remainder)
    pairs = ((Constant(key), symbol_of(item)) for key, item in value.entries)
    return operation("map", *(term for pair in pairs for term in pair), *remainder)


def compose(operator: str, *operands: Value) -> Term | None:
    """The operation over the operands' terms; None when one has none."""
    terms = [symbol_of(operand) for operand in operands]
    return element(*terms) if operator == "[]" else operation(operator, *terms)


def branches(condition: Value, then: Value, otherwise: Value) -> Term | None:
    """``condition ? then : otherwise``."""
    return conditional(symbol_of(condition), symbol_of(then), symbol_of(otherwise))


def cause(*values: Value) -> Unknown:
    """Why something that is computed from ``values`` is not known: the first of them that is
    not."""
    found = first(*(why_not(value) for value in values))
    return Unknown("it is known only after deployment") if found is None else found


def derived(
    operator: str, *operands: Value, span: Span = NOWHERE, why: Why | None = None
) -> Unknown:
    """The unknown result of an operation over operands that are not all known."""
    reason = cause(*operands)
    return Unknown(reason.reason, compose(operator, *operands), why or reason.why, span=span)


def named(condition: Value) -> str:
    """A condition as a reason names it."""
    symbol = symbol_of(condition)
    if symbol is None:
        return "a condition that is not known"
    return f"'{negated(symbol) if is_negation(symbol) else symbol}'"
