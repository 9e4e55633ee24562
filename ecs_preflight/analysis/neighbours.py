"""The units of a repository by the states that they keep and read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property, partial
from types import MappingProxyType

from ..adapters.units import Sharing, Unit
from ..symbolic import looks


class StateIndex:
    """Implements ``Neighbours`` for the units of a scan and those ``around`` them, which are looked
    at only for a state that none of the scan's own keeps; ``found_by`` are the looks by which the
    former were found."""

    def __init__(
        self,
        units: Callable[[], Iterable[Unit]],
        around: Callable[[], Iterable[Unit]] = tuple,
        found_by: Mapping[looks.Look, str] = MappingProxyType({}),
    ) -> None:
        self._units, self._around, self._found_by = units, around, found_by

    def keeping(self, state: Hashable) -> Sharing | None:
        """Implements Neighbours. A plan keeps the state of the code it was made of."""
        for keepers, seen in (self._scanned, self._beyond):
            looks.add(seen)
            found = {unit.name: unit for unit in keepers.get(state, ())}
            if found:
                return next(iter(found.values())) if len(found) == 1 else None
        return None

    def reading(self, state: Hashable) -> tuple[Sharing, ...]:
        """Implements Neighbours. That nobody reads it is known before the unit is judged."""
        found = self._readers.get(state, ())
        if found:
            looks.add(dict(self._found_by))
        return found

    def judged(self, label: str) -> bool:
        """Implements Neighbours."""
        return label in self._labels

    @cached_property
    def _labels(self) -> frozenset[str]:
        return frozenset(unit.label for unit in self._units() if isinstance(unit, Sharing))

    @cached_property
    def _scanned(self) -> tuple[dict[Hashable, list[Sharing]], dict[looks.Look, str]]:
        return _keepers(self._units()), dict(self._found_by)

    @cached_property
    def _beyond(self) -> tuple[dict[Hashable, list[Sharing]], dict[looks.Look, str]]:
        with looks.noted() as noted:
            units: list[Unit] = []
            among = StateIndex(partial(tuple, units))
            units += (u.beside(among) if isinstance(u, Sharing) else u for u in self._around())
        return _keepers(units), noted

    @cached_property
    def _readers(self) -> dict[Hashable, tuple[Sharing, ...]]:
        found: dict[Hashable, tuple[Sharing, ...]] = {}
        for unit in self._units():
            if isinstance(unit, Sharing):
                for state in unit.reads():
                    found[state] = (*found.get(state, ()), unit)
        return found


def _keepers(units: Iterable[Unit]) -> dict[Hashable, list[Sharing]]:
    """The units by the states that they keep: of a plan and its code, the code."""
    found: dict[Hashable, list[Sharing]] = defaultdict(list)
    for unit in units:
        if isinstance(unit, Sharing) and not unit.reusable:
            for state in unit.keeps():
                found[state].append(unit)
    return found
