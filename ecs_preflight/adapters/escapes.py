"""Which resources are handed to somebody out of sight: a module that could not be read, whoever
takes an output of a module judged alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model import Index, Resource
from ..symbolic.terms import Term, names_in
from ..symbolic.values import Entries, Items, Known, Reference, Text, Unknown, Value

#: Values with the reasons why nobody knows what becomes of them (``Surroundings.escapes``).
Escapes = Sequence[tuple[Value, Unknown]]


def handed(resources: Sequence[Resource], escapes: Escapes) -> frozenset[str]:
    """The addresses of those of the resources that are among the values."""
    owners = Owners(tuple(resources))
    return frozenset(address for value, _ in escapes for address in owners.in_value(value))


class Owners:
    """Resources that others may add to, by what may name them."""

    def __init__(self, owners: tuple[Resource, ...]) -> None:
        self._index = Index(owners)
        self._addresses = frozenset(owner.address for owner in owners)

    def in_value(self, value: Value) -> tuple[str, ...]:
        """The addresses of those that are named anywhere in the value, once for each time."""
        terms: set[Term | None] = set()
        found: list[str] = []
        for part in (value,) if isinstance(value, Known) else _references(value):
            if isinstance(part, Unknown):
                terms.add(part.symbol)
            else:
                found += (owner.address for owner in self._index.all(Resource, part))
        mentioned = {each for term in terms for each in _mentioned(term, self._addresses)}
        return (*found, *mentioned)


def _mentioned(symbol: Term | None, addresses: frozenset[str]) -> Iterator[str]:
    """The resources that the term may be an attribute of, on some side of a condition."""
    lengths = {len(address) for address in addresses}
    for path in names_in(symbol):
        for length in lengths:
            if path[:length] in addresses and path[length : length + 1] in ("", ".", "["):
                yield path[:length]


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
