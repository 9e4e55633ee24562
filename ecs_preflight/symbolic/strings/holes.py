"""What is certain of a text, whatever its holes turn out to be."""

from __future__ import annotations

from collections.abc import Sequence

from ..values import Hole, Known, Reference, Text, Unknown, Value, expanded
from .tokens import blank


def parts_of(value: Value) -> tuple[str | Hole, ...] | None:
    """The literal parts and holes of a string, References read as far as they are known; None when
    the value is no string."""
    value = expanded(value)
    if isinstance(value, Known):
        return (value.value,) if isinstance(value.value, str) else None
    if isinstance(value, Text):
        return value.parts
    return (value,) if isinstance(value, (Unknown, Reference)) else None


def certain_prefix(parts: Sequence[str | Hole]) -> str:
    """What the text begins with for certain."""
    return parts[0] if parts and isinstance(parts[0], str) else ""


def certain_suffix(parts: Sequence[str | Hole]) -> str:
    """What the text ends with for certain."""
    return parts[-1] if parts and isinstance(parts[-1], str) else ""


def least_length(parts: Sequence[str | Hole]) -> int:
    """How many characters the text has at the least."""
    return sum(len(part) if isinstance(part, str) else blank(part).least for part in parts)


def may_hold(hole: Hole, letter: str) -> bool:
    """May the character stand in what the hole becomes?"""
    letters = blank(hole).letters
    return letters is None or letter in letters
