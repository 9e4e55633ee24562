"""A fix out of edits of which each must be there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from ...symbolic.records import replace
from ..finding import Applicability, Edit, Fix

Item = TypeVar("Item")


def all_of(found: Iterable[Item | None]) -> list[Item] | None:
    """The items; None where one is missing."""
    items = list(found)
    present = [item for item in items if item is not None]
    return present if len(present) == len(items) else None


def with_edits(
    fix: Fix, edits: Sequence[Edit | None] | None, *, summary: str = "", safe: bool = False
) -> Fix | None:
    """The fix with the edits, and with another ``summary`` where one is given; None where there are
    no edits, or one cannot be made."""
    made = all_of(edits or ())
    applicability = Applicability.SAFE if safe else Applicability.UNSAFE
    words = summary or fix.summary
    if not made:
        return None
    return replace(fix, summary=words, edits=tuple(made), applicability=applicability)
