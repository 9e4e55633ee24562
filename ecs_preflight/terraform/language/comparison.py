"""Equality as Terraform's ``==`` has it, strict about types, and the sets that rest on it.

Source: the Terraform documentation, "Arithmetic and Logical Operators", equality; cty's ``Equals``
and the order of its sets.
"""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction

from ...symbolic.budget import charge
from ...symbolic.records import replace
from ...symbolic.strings import parts_may_equal, parts_of
from ...symbolic.terms import scalar_text
from ...symbolic.values import (
    Entries,
    Items,
    Known,
    Reference,
    Shape,
    Unknown,
    Value,
    why_not,
)
from ..syntax import numeric
from .value_types import type_of


def equal(left: Value, right: Value) -> bool | None:
    """Is ``left == right``? None when that is not known."""
    if isinstance(left, Known) and isinstance(right, Known):
        return _scalars_equal(left, right)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        same = (
            isinstance(left, Unknown)
            and isinstance(right, Unknown)
            and left.symbol
            and left.symbol == right.symbol
        )
        if same:
            return True
        shaped, other = (left, right) if isinstance(left, Unknown) else (right, left)
        is_open = not isinstance(shaped, Unknown) or shaped.shape is Shape.ANY
        if isinstance(shaped, Unknown) and shaped.shape is Shape.POSITIVE:
            return False if other == Known(0) else None
        # A hole of a known shape is a string, and not just any.
        return None if is_open or not isinstance(other, Known) else _texts_equal(shaped, other)
    if isinstance(left, (Items, Entries)) and isinstance(right, (Items, Entries)):
        return _collections_equal(left, right)
    if isinstance(left, Reference) and left == right:
        return True
    if any(isinstance(side, Reference) and side.attribute in ("", "*") for side in (left, right)):
        # A resource exists, so it is not null; what else it equals is for its attributes to say.
        return False if Known(None) in (left, right) else None
    if isinstance(left, (Items, Entries)) or isinstance(right, (Items, Entries)):
        untyped = any(isinstance(side, Reference) and side.text is None for side in (left, right))
        return None if untyped else False
    return _texts_equal(left, right)


def _scalars_equal(left: Known, right: Known) -> bool:
    if left.value is None or right.value is None or type_of(left) != type_of(right):
        return left.value is right.value
    if isinstance(left.value, float) and isinstance(right.value, float):
        return numeric.exact(left.value) == numeric.exact(right.value)
    return left.value == right.value


def _texts_equal(left: Value, right: Value) -> bool | None:
    if isinstance(left, Known):
        left, right = right, left
    mine, theirs = parts_of(left), parts_of(right)
    if isinstance(right, Known) and (right.value is None or theirs is None):
        # A string is not null; an attribute without a known text may be a number or a bool.
        untyped = isinstance(left, Reference) and left.text is None and right.value is not None
        return None if untyped else False
    if mine is None or theirs is None:
        return None
    if mine == theirs:
        is_same = all(isinstance(part, str) or part.symbol for part in mine)
        return True if is_same else None
    return None if parts_may_equal(mine, theirs) else False


def _collections_equal(left: Items | Entries, right: Items | Entries) -> bool | None:
    charge(1 + len(left.items if isinstance(left, Items) else left.entries))
    if isinstance(left, Items) and isinstance(right, Items):
        if _kind(left) != _kind(right):
            return False
        if left.remainder is not None or right.remainder is not None:
            return None
        if left.is_set and not (wholly_known(left) and wholly_known(right)):
            return None
        return (
            False
            if len(left.items) != len(right.items)
            else _all_equal(list(zip(left.items, right.items, strict=True)))
        )
    if isinstance(left, Entries) and isinstance(right, Entries):
        if left.uniform != right.uniform:
            return False
        if left.remainder is not None or right.remainder is not None:
            return None
        mine, theirs = dict(left.entries), dict(right.entries)
        return (
            False
            if mine.keys() != theirs.keys()
            else _all_equal([(value, theirs[key]) for key, value in mine.items()])
        )
    return False


def _kind(value: Items) -> str:
    return "set" if value.is_set else "list" if value.uniform else "tuple"


def _all_equal(pairs: list[tuple[Value, Value]]) -> bool | None:
    answers = [equal(left, right) for left, right in pairs]
    if False in answers:
        return False
    return None if None in answers else True


def wholly_known(value: Value) -> bool:
    """Is nothing in the value unknown?"""
    return why_not(value) is None


def as_set(value: Items) -> Items:
    """The elements without duplicates, in the order of a Terraform set.

    While one of them is not known, the order written stays; whether it equals another stays open.
    """
    if not wholly_known(value):
        unique: list[Value] = []
        for item in value.items:
            charge(len(unique) // 8)
            if item not in unique:
                unique.append(item)
        return replace(value, items=tuple(unique), is_set=True, uniform=False)
    by_key: dict[Hashable, Value] = {}
    for item in value.items:
        by_key.setdefault(_set_bytes(item), item)
    items = sorted(by_key.values(), key=_order)
    return replace(value, items=tuple(items), is_set=True, uniform=False)


def _order(item: Value) -> tuple[int, Fraction | str]:
    """Numbers and strings in their own order, nulls last, anything else by its bytes."""
    if not isinstance(item, Known) or isinstance(item.value, bool):
        return 1, _set_bytes(item)
    if item.value is None:
        return 3, ""
    return (2, item.value) if isinstance(item.value, str) else (0, numeric.exact(item.value))


def _set_bytes(value: Value) -> str:
    """How cty orders and tells apart the elements of a set that are no scalars."""
    if isinstance(value, Known):
        if value.value is None:
            return "~"
        if isinstance(value.value, bool):
            return "T" if value.value else "F"
        if isinstance(value.value, str):
            return '"' + value.value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return scalar_text(value.value)
    if isinstance(value, Items):
        opening, closing = "[]" if value.is_set or value.uniform else "<>"
        return opening + "".join(_set_bytes(item) + ";" for item in value.items) + closing
    if isinstance(value, Entries):
        pairs = sorted(value.entries, key=lambda pair: pair[0])
        if value.uniform:
            return "{" + "".join(f'"{key}":{_set_bytes(item)};' for key, item in pairs) + "}"
        return "<" + "".join(_set_bytes(item) + ";" for _, item in pairs) + ">"
    return ""
