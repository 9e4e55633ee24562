"""Which resources are handed to somebody out of sight: a module that could not be read, whoever
takes an output of a module judged alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from ..model import Index, Resource
from ..model.naming import Naming, naming
from ..symbolic.same import Same
from ..symbolic.terms import names_in
from ..symbolic.values import Entries, Items, Known, Reference, Text, Unknown, Value

#: Values with the reasons why nobody knows what becomes of them (``Surroundings.escapes``).
Escapes = Sequence[tuple[Value, Unknown]]


class Owners:
    """Resources that others may add to, by what may name them: what a value names of them is found
    once, however many worlds ask."""

    def __init__(self, owners: Sequence[Resource]) -> None:
        self.index = Index(owners)
        self._addresses = frozenset(owner.address for owner in owners)
        self._lengths = frozenset(map(len, self._addresses))
        # The values are kept so that their ids stay theirs.
        self._found: dict[int, tuple[Value, tuple[str, ...]]] = {}

    def handed(self, escapes: Escapes) -> frozenset[str]:
        """The addresses of those that are among the values."""
        return frozenset(address for value, _ in escapes for address in self.in_value(value))

    def in_value(self, value: Value) -> tuple[str, ...]:
        """The addresses of those that are named anywhere in the value, once for each time."""
        known = self._found.get(id(value))
        if known is None:
            known = self._found[id(value)] = value, self._in_value(value)
        return known[1]

    def _in_value(self, value: Value) -> tuple[str, ...]:
        namings, paths = _naming_in(Same(value))
        found = [o.address for each in namings for o in self.index.named(Resource, each)]
        return (*found, *{each for path in paths for each in self._mentioned(path)})

    def _mentioned(self, path: str) -> Iterator[str]:
        """The resources that a name in a term may be an attribute of."""
        for length in self._lengths:
            if path[:length] in self._addresses and path[length : length + 1] in ("", ".", "["):
                yield path[:length]


@lru_cache(maxsize=1 << 14)
def _naming_in(value: Same[Value]) -> tuple[tuple[Naming, ...], frozenset[str]]:
    """What each reference in the value may name a resource by, and the names in the terms of what
    is not known, on whichever side of a condition: found once, though every world asks."""
    namings: list[Naming] = []
    paths: frozenset[str] = frozenset()
    for part in (value.value,) if isinstance(value.value, Known) else _references(value.value):
        if isinstance(part, Unknown):
            paths |= names_in(part.symbol)
        else:
            namings.append(naming(part))
    return tuple(namings), paths


def _references(value: Value) -> Iterator[Reference | Unknown]:
    """The references, and what is not known, anywhere in a value."""
    waiting: list[Value] = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, (Reference, Unknown)):
            yield value
        elif isinstance(value, Text):
            waiting.extend(part for part in value.parts if not isinstance(part, str))
        elif isinstance(value, Items):
            waiting.extend(value.items)
        elif isinstance(value, Entries):
            waiting.extend(item for _, item in value.entries)
