"""Values told apart by identity, as keys of caches: equal values may stand at different places."""

from __future__ import annotations

from typing import Generic, TypeVar

Item = TypeVar("Item")


class Same(Generic[Item]):
    """A value that is equal to itself alone."""

    __slots__ = ("value",)

    def __init__(self, value: Item) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)
