"""Values told apart by identity, as keys of caches: equal values may stand at different places."""

from __future__ import annotations

from .values import Value


class Same:
    """A value that is equal to itself alone."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)
