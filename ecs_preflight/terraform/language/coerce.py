"""Conversion of a value to one of Terraform's types.

Source: the Terraform documentation, "Types and Values", type conversion; cty's ``convert`` package.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...symbolic.records import replace
from ...symbolic.terms import scalar_text
from ...symbolic.values import (
    ABSENT,
    Entries,
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
)
from ..syntax import numeric
from .comparison import as_set, wholly_known
from .faults import EvaluationFault, beyond_limits
from .symbols import derived
from .value_types import ANY, BOOL, NUMBER, PRIMITIVES, STRING, Type, described, type_of, unify


def coerce(value: Value, wanted: Type) -> Value:
    """The value as one of type ``wanted``. What is not known stays so. Raises Fault."""
    if wanted == ANY or value == ABSENT:
        return value
    if wanted in PRIMITIVES:
        return _primitive(value, wanted)
    if isinstance(value, (Unknown, Reference)):
        return value
    if wanted.kind in ("list", "set") and isinstance(value, Items):
        return _sequence(value, wanted)
    if wanted.kind == "tuple" and isinstance(value, Items) and not value.is_set:
        if value.remainder is None and len(value.items) != len(wanted.of):
            raise EvaluationFault(f"a tuple of {len(wanted.of)} elements is required")
        items = tuple(
            coerce(item, kind) for item, kind in zip(value.items, wanted.of, strict=False)
        )
        return replace(value, items=items, uniform=False)
    if wanted.kind == "map" and isinstance(value, Entries):
        element = wanted.element
        if element == ANY:
            element = _element_type([item for _, item in value.entries])
        return replace(
            value,
            uniform=True,
            entries=tuple((key, coerce(item, element)) for key, item in value.entries),
        )
    if wanted.kind == "object" and isinstance(value, Entries):
        return _object(value, wanted)
    raise EvaluationFault(f"{described(wanted)} is required")


def _primitive(value: Value, wanted: Type) -> Value:
    if isinstance(value, Known):
        scalar = _scalar(value, wanted)
        return value if scalar is value.value else replace(value, value=scalar)
    is_whole = isinstance(value, Reference) and value.attribute in ("", "*")
    if is_whole or isinstance(value, (Items, Entries)):
        raise EvaluationFault(f"{described(wanted)} is required")
    if isinstance(value, Reference) and value.text is not None and wanted != STRING:
        return _primitive(replace(value.text, span=value.span), wanted)
    if isinstance(value, Text) and wanted != STRING:
        return derived(f"to{wanted.kind}", value, span=value.span)
    return value


def _scalar(value: Known, wanted: Type) -> bool | int | float | str:
    scalar = value.value
    if wanted == STRING and scalar is not None:
        return scalar if isinstance(scalar, str) else scalar_text(scalar)
    if wanted == BOOL:
        if isinstance(scalar, bool):
            return scalar
        # cty reads "1" and "0" too, but only as text.
        if scalar in ("true", "1") and isinstance(scalar, str):
            return True
        if scalar in ("false", "0") and isinstance(scalar, str):
            return False
    if wanted == NUMBER and not isinstance(scalar, bool):
        if isinstance(scalar, (int, float)):
            return scalar
        try:
            number = numeric.parse(str(scalar))
        except OverflowError:
            raise beyond_limits("a number") from None
        if number is not None:
            return number
    raise EvaluationFault(f"{described(wanted)} is required")


def _sequence(value: Items, wanted: Type) -> Value:
    element = wanted.element
    if element == ANY and not (value.uniform or value.is_set):
        element = _element_type(value.items)
    items = tuple(coerce(item, element) for item in value.items)
    if wanted.kind == "set":
        return as_set(replace(value, items=items))
    # The order of a set with unknown elements is not known, so it stays a set.
    unordered = value.is_set and not wholly_known(value)
    return replace(value, items=items, is_set=unordered, uniform=True)


def _element_type(items: Iterable[Value]) -> Type:
    """What the elements of a tuple or object become in a list, set or map of any."""
    types = list(dict.fromkeys(type_of(item) for item in items))
    unified = unify([one for one in types if one != ANY])
    if unified is None:
        raise EvaluationFault("all elements must have the same type")
    return unified


def _object(value: Entries, wanted: Type) -> Value:
    given, optional = dict(value.entries), dict(wanted.optional)
    members: list[tuple[str, Value]] = []
    for name, kind in wanted.members().items():
        if name in given:
            item = coerce(given[name], kind)
            absent = item == ABSENT and name in optional
            members.append((name, coerce(optional[name], kind) if absent else item))
        elif value.remainder is not None:
            members.append((name, replace(value.remainder, symbol=None)))
        elif name in optional:
            members.append((name, coerce(optional[name], kind)))
        else:
            raise EvaluationFault(f"attribute '{name}' is required")
    return replace(value, entries=tuple(members), remainder=None, uniform=False)
