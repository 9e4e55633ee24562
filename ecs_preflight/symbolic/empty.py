"""Inputs that are empty by default, which stands for "not given"."""

from __future__ import annotations

from collections.abc import Iterable

from .records import replace
from .values import Entries, Items, Known, Unknown, Value, Why


def empty_input(value: Value) -> Unknown | None:
    """Why a text, list or map that is empty, or null, may be something else: it is an input that is
    not given, or made of one; None of any other value."""
    if isinstance(value, Known):
        is_empty = value.value in (None, "")
    elif isinstance(value, (Items, Entries)):
        is_empty = not is_filled(value)
    else:
        return None
    if not is_empty or value.origin is None:
        return None
    return Unknown(f"'{value.origin}' is empty", value.origin, Why.INPUT, span=value.span)


def is_filled(value: Items | Entries) -> bool:
    """Is there, or may there be, anything in it?"""
    written = value.items if isinstance(value, Items) else value.entries
    return bool(written) or value.remainder is not None


def made_of(result: Value, sources: Iterable[Value]) -> Value:
    """The result, with the input that is empty among the values it was made of: for which it is
    empty itself, or lacks what that would add."""
    if not isinstance(result, (Items, Entries)) or result.origin is not None:
        return result
    parts = [part for s in sources for part in (s, *(s.items if isinstance(s, Items) else ()))]
    cause = next((found for part in parts if (found := empty_input(part)) is not None), None)
    return result if cause is None else replace(result, origin=cause.symbol)
