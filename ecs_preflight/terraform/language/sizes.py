"""How large values may grow: a list that holds a list twice, which holds a list twice, is soon too
large to be walked, though it is quickly written."""

from __future__ import annotations

from ...symbolic.values import Entries, Hole, Items, Known, Reference, Text, Value
from .faults import NotComputable, beyond_limits

#: The most elements of a value, all levels together; so many characters count as one.
MAX_SIZE = 200_000
CHARACTERS = 32
#: What a hole in a text counts as: who changes the text makes a new one of it, with its term.
HOLE = 16
#: The longest text (characters) and the longest list that is made.
MAX_TEXT = 4 * 1024 * 1024
MAX_ITEMS = 100_000
#: The largest text that a reference within a text may stand for.
MAX_REFERENCE = 400


class Sizes:
    """The sizes of the values of one evaluation, each measured once, shared parts included."""

    def __init__(self) -> None:
        # The values are kept so that their ids stay theirs.
        self._measured: dict[int, tuple[Value, int]] = {}
        self._total = 0

    def of(self, value: Value) -> int:
        """The value's size: what a function that looks at all of it has to do."""
        return self._size(value)

    def added(self, value: Value) -> int:
        """How many elements there are more, now that there is ``value``. Raises NotComputable for
        what is too large."""
        before = self._total
        if self._size(value) > MAX_SIZE:
            raise beyond_limits("a value")
        return self._total - before

    def _size(self, value: Value) -> int:
        if isinstance(value, Known):
            return _length(value.value)
        if not isinstance(value, (Items, Entries, Text)):
            return 1
        known = self._measured.get(id(value))
        if known is None:
            if isinstance(value, Text):
                size = sum(map(self._part, value.parts))
            elif isinstance(value, Items):
                size = 1 + sum(map(self._size, value.items))
                self._total += len(value.items)
            else:
                size = 1 + sum(_length(key) + self._size(item) for key, item in value.entries)
                self._total += len(value.entries)
            known = self._measured[id(value)] = (value, size)
        return known[1]

    def _part(self, part: str | Hole) -> int:
        """A reference in a text is as long as what it will read: whoever asks for that walks all
        of it. Raises NotComputable for what is too large."""
        if isinstance(part, Reference) and part.text is not None:
            size = self._size(part.text)
            if size > MAX_REFERENCE:
                raise beyond_limits("a text")
            self._total += size
            return size
        return _length(part) if isinstance(part, str) else HOLE


def _length(part: object) -> int:
    return 1 + len(part) // CHARACTERS if isinstance(part, str) else 1


def bounded(value: Value, most: int) -> Value:
    """The value; Unknown where its size is beyond ``most``."""
    try:
        if Sizes().of(value) <= most:
            return value
        raise beyond_limits("a value")
    except NotComputable as error:
        return error.unknown
