"""What a text with holes can become: comparisons that hold whatever the holes turn out to be."""

from __future__ import annotations

from collections.abc import Sequence

from ...symbolic.values import Hole, Known, Reference, Shape, Text, Unknown, Value, expanded


def parts_of(value: Value) -> tuple[str | Hole, ...] | None:
    """The literal parts and holes of a string, References read as far as they are known; None when
    the value is no string."""
    value = expanded(value)
    if isinstance(value, Known):
        return (value.value,) if isinstance(value.value, str) else None
    if isinstance(value, Text):
        return value.parts
    return (value,) if isinstance(value, (Unknown, Reference)) else None


def bounds(hole: Hole) -> tuple[str | None, int, int | None]:
    """A hole's extra characters, least and greatest length. An attribute of a resource is not
    empty."""
    if isinstance(hole, Unknown):
        extra, least, most = hole.shape.value
        return extra, least, most
    return None, 1, None


def may_hold(hole: Hole, character: str) -> bool:
    extra, _, _ = bounds(hole)
    if extra is None:
        return True
    if isinstance(hole, Unknown) and hole.shape is Shape.ACCOUNT:
        return character.isdigit()
    return character in extra or (character.isascii() and character.isalnum())


def may_equal(parts: Sequence[str | Hole], literal: str) -> bool:
    """Can the holes be filled so that the text reads ``literal``?"""
    reached = {0}
    for part in parts:
        following: set[int] = set()
        for start in reached:
            if isinstance(part, str):
                if literal.startswith(part, start):
                    following.add(start + len(part))
            else:
                following.update(_ends(part, literal, start))
        reached = following
    return len(literal) in reached


def _ends(hole: Hole, literal: str, start: int) -> range:
    _, least, most = bounds(hole)
    limit = len(literal) if most is None else min(len(literal), start + most)
    end = start
    while end < limit and may_hold(hole, literal[end]):
        end += 1
    return range(start + least, end + 1)


def certain_prefix(parts: Sequence[str | Hole]) -> str:
    return parts[0] if parts and isinstance(parts[0], str) else ""


def certain_suffix(parts: Sequence[str | Hole]) -> str:
    return parts[-1] if parts and isinstance(parts[-1], str) else ""


def least_length(parts: Sequence[str | Hole]) -> int:
    return sum(len(part) if isinstance(part, str) else bounds(part)[1] for part in parts)


def disjoint(left: Sequence[str | Hole], right: Sequence[str | Hole]) -> bool:
    """Can the two texts never read the same, by how they begin and end?"""
    first, second = certain_prefix(left), certain_prefix(right)
    last, other = certain_suffix(left), certain_suffix(right)
    length, end = min(len(first), len(second)), min(len(last), len(other))
    return first[:length] != second[:length] or last[len(last) - end :] != other[len(other) - end :]
