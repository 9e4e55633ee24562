"""One of several parts of the work, so that many machines share it: each root, and each file, is in
exactly one part, the same on every machine."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

from ..adapters.units import Unit
from ..symbolic.records import dataclass, field

Item = TypeVar("Item")


@dataclass(frozen=True)
class Shard:
    """Part ``number`` (from 1) of ``count``."""

    number: int
    count: int

    def of(self, items: Sequence[Item]) -> Sequence[Item]:
        """Its share of a list that all shards have in the same order."""
        return items[self.number - 1 :: self.count]


@dataclass(frozen=True)
class Share:
    """A shard's part of one tree's units. A file goes with the first of its units, one of no unit
    with the first shard."""

    shard: Shard
    units: Sequence[Unit]
    _shards: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ordered = sorted(self.units, key=lambda unit: (unit.name, type(unit).__name__))
        for position, unit in enumerate(ordered):
            for file in unit.files:
                self._shards.setdefault(file, []).append(position % self.shard.count + 1)

    def chosen(self) -> Collection[int]:
        """The ids of the units that are judged here."""
        ordered = sorted(self.units, key=lambda unit: (unit.name, type(unit).__name__))
        return {id(unit) for unit in self.shard.of(ordered)}

    def counts(self, file: str) -> bool:
        """Is the file this shard's to count and to tell of?"""
        return self._shards.get(file, [1])[0] == self.shard.number

    def is_whole(self, file: str) -> bool:
        """Are all units that the file is a part of judged here?"""
        return set(self._shards.get(file, [1])) == {self.shard.number}
