"""How large values may grow: a list that holds a list twice, which holds a list twice, is soon too
large to be walked, though it is quickly written."""

from __future__ import annotations

from ..values import Entries, Items, Known, Text, Value
from .faults import beyond_limits

#: The most elements of a value, all levels together; so many characters count as one.
MAX_SIZE = 300_000
CHARACTERS = 64
#: The longest text (characters) and the longest list that is made.
MAX_TEXT = 4 * 1024 * 1024
MAX_ITEMS = 100_000


class Sizes:
    """The sizes of the values of one evaluation, each measured once, shared parts included."""

    def __init__(self) -> None:
        # The values are kept so that their ids stay theirs.
        self._measured: dict[int, tuple[Value, int]] = {}

    def check(self, value: Value) -> None:
        """Raises Undecided for what is too large."""
        if self._size(value) > MAX_SIZE:
            raise beyond_limits("a value")

    def _size(self, value: Value) -> int:
        if isinstance(value, Known):
            return 1 + len(value.value) // CHARACTERS if isinstance(value.value, str) else 1
        if isinstance(value, Text):
            return sum(1 + len(part) // CHARACTERS if isinstance(part, str) else 1
                       for part in value.parts)
        if not isinstance(value, (Items, Entries)):
            return 1
        if id(value) not in self._measured:
            members = (value.items if isinstance(value, Items)
                       else [item for _, item in value.entries])
            self._measured[id(value)] = (value, 1 + sum(map(self._size, members)))
        return self._measured[id(value)][1]
