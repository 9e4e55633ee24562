"""Which resources are handed to somebody out of sight: a module that could not be read, whoever
takes an output of a module judged alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache

from ..model import Resource
from ..model.common import Identity
from ..model.naming import Naming, naming
from ..symbolic.leaves import holes_in
from ..symbolic.same import Same
from ..symbolic.terms import names_in
from ..symbolic.values import Known, Reference, Unknown, Value

#: Values with the reasons why nobody knows what becomes of them (``Surroundings.escapes``).
Escapes = Sequence[tuple[Value, Unknown]]


@lru_cache(maxsize=1 << 12)
def doubted(address: str, doubt: Unknown) -> tuple[Value, Unknown]:
    """What stands at the address with the doubt: one and the same, whoever hands it on."""
    return Reference(address, "arn"), doubt


class Escaped:
    """Values that are handed to somebody out of sight, by what they may name. Of a unit's they are
    gone through once, and then each resource asks: those there are many of, these are few."""

    def __init__(self, escapes: Escapes) -> None:
        self._reasons = tuple(reason for _, reason in escapes)
        # The numbers of the values, with the addresses at which what is named stands if anything.
        self._at: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        self._called: dict[Identity, list[tuple[int, tuple[str, ...]]]] = {}
        self._mentioned: dict[str, list[int]] = {}
        for number, (value, _) in enumerate(escapes):
            namings, paths = _naming_in(Same(value))
            for at, key in namings:
                for place, address in enumerate(at):
                    self._at.setdefault(address, []).append((number, at[:place]))
                if key is not None:
                    self._called.setdefault(key, []).append((number, at))
            for prefix in {prefix for path in paths for prefix in _prefixes(path)}:
                self._mentioned.setdefault(prefix, []).append(number)

    def reasons(self, resource: Resource, addresses: Set[str]) -> list[Unknown]:
        """Why the resource, one of those at the ``addresses``, may be among the values; in their
        order. As an index has it: what stands at the first address that a value refers to is
        named, and only where nothing does, what is called so."""
        found = {n for n, at in self._at.get(resource.address, ()) if addresses.isdisjoint(at)}
        found.update(self._mentioned.get(resource.address, ()))
        for key in resource.identities:
            found.update(n for n, at in self._called.get(key, ()) if addresses.isdisjoint(at))
        return [self._reasons[number] for number in sorted(found)]


def _prefixes(path: str) -> Iterator[str]:
    """What a name in a term may be an attribute of."""
    yield path
    yield from (path[:end] for end, letter in enumerate(path) if letter in ".[")


def handed(resources: Iterable[Resource], sources: Iterable[Escaped]) -> frozenset[str]:
    """The addresses of those of the resources that are among the values."""
    resources, sources = tuple(resources), tuple(sources)
    addresses = frozenset(resource.address for resource in resources)
    return frozenset(
        resource.address
        for resource in resources
        if any(source.reasons(resource, addresses) for source in sources)
    )


@lru_cache(maxsize=16)
def escaped_beyond(escapes: Same[Escapes]) -> Escaped:
    """What escapes from others, which is the same in each world of a unit."""
    return Escaped(escapes.value)


@lru_cache(maxsize=1 << 14)
def _naming_in(value: Same[Value]) -> tuple[tuple[Naming, ...], frozenset[str]]:
    """What each reference in the value may name a resource by, and the names in the terms of what
    is not known, on whichever side of a condition: found once, though every world asks."""
    namings: list[Naming] = []
    paths: frozenset[str] = frozenset()
    for part in (value.value,) if isinstance(value.value, Known) else holes_in(value.value):
        if isinstance(part, Unknown):
            paths |= names_in(part.symbol)
        else:
            namings.append(naming(part))
    return tuple(namings), paths
