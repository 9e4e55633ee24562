"""A stack's resources as another stack sees them: with what that knows of the place they are
deployed to, and under names of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from operator import is_
from typing import Any, TypeVar, cast

from ..symbolic.budget import charge
from ..symbolic.records import fields, is_dataclass, replace
from ..symbolic.same import Same
from ..symbolic.terms import Constant, Name, Operation, Term, renaming
from ..symbolic.values import Known, Reference, Text, Unknown, Value, text
from .common import Resource
from .naming import unit_of

Item = TypeVar("Item")
Rename = Callable[[str], str]

#: Fields that hold the address of a resource, or several.
_ADDRESSES = ("address", "attachment")
_ADDRESS_LISTS = ("depends_on",)
#: How fields are declared that hold neither a value nor a term, nor an address unless so called.
_PLAIN = ("Span", "str", "bool", "int", "Why")


def rewritten(
    resources: Iterable[Resource], known: Mapping[Term, Value], prefix: str = ""
) -> tuple[Resource, ...]:
    """The resources with every unknown whose term is among ``known`` as it says, and with
    ``prefix`` before their addresses and before the names in all other terms: no address or unknown
    of theirs is one of another stack's."""
    rewrite = _Rewriting(known, (lambda name: prefix + name) if prefix else None)
    return tuple(cast(Resource, rewrite.of(resource)) for resource in resources)


def as_named(item: Item, rename: Rename) -> Item:
    """A value, or whatever holds values and addresses, with every address and every name in a term
    as ``rename`` has it."""
    return cast(Item, _Rewriting({}, rename).of(item))


def without_prefix(prefix: str) -> Callable[[Item], Item]:
    """What takes that prefix of another unit's off every address and every name in a term; what has
    it nowhere is not gone through, and what several have in common is once."""
    rewrite = _Rewriting({}, lambda name: name.removeprefix(prefix))

    def without(item: Item) -> Item:
        return cast(Item, rewrite.of(item)) if prefix in _units_in(Same(item)) else item

    return without


@lru_cache(maxsize=1 << 14)
def _units_in(item: Same[object]) -> frozenset[str]:
    """The units whose addresses and names are in it, as ``unit_of`` has them."""
    found: set[str] = set()

    def noted(name: str) -> str:
        found.add(unit_of(name))
        return name

    as_named(item.value, noted)
    return frozenset(found)


def referring(resources: Iterable[Resource]) -> tuple[Reference, ...]:
    """The references in the resources of which nothing but the address is known."""
    found = _Rewriting({}, None)
    for resource in resources:
        found.of(resource)
    return tuple(dict.fromkeys(found.bare))


def resolved(
    resources: Iterable[Resource], value: Callable[[Reference], Value | None]
) -> tuple[Resource, ...]:
    """The resources with what ``value`` has for such a reference in its place."""
    rewrite = _Rewriting({}, None, value)
    return tuple(cast(Resource, rewrite.of(resource)) for resource in resources)


@cache
def _parts(kind: type) -> tuple[str, ...]:
    """The fields of a class that may hold what is to be rewritten."""
    found = fields(kind)
    return tuple(f.name for f in found if f.name in _ADDRESSES or f.type not in _PLAIN)


class _Rewriting:
    def __init__(
        self,
        known: Mapping[Term, Value],
        rename: Rename | None,
        value: Callable[[Reference], Value | None] = lambda reference: None,
    ) -> None:
        self._value_of, self.bare = value, list[Reference]()
        self._known, self._rename = known, rename
        self._renamed = None if rename is None else renaming(rename)
        #: What was rewritten already, by identity; each is kept, so that no identity is used anew.
        self._done: dict[int, tuple[Any, Any]] = {}

    def of(self, item: Any) -> Any:
        if isinstance(item, tuple):
            found = [self.of(each) for each in item]
            return item if all(map(is_, item, found)) else tuple(found)
        if not is_dataclass(item) or isinstance(item, type):
            return item
        if id(item) not in self._done:
            charge()
            self._done[id(item)] = item, self._rewritten(item)
        return self._done[id(item)][1]

    def _rewritten(self, item: Any) -> Any:
        if isinstance(item, Unknown):
            return self._unknown(item)
        if isinstance(item, Text):
            return self._text(item)
        if isinstance(item, Reference) and item.text is None:
            self.bare.append(item)
            found = self._value_of(item)
            if found is not None:
                return found
        changes: dict[str, Any] = {}
        for name in _parts(item.__class__):
            old = getattr(item, name)
            new = self._field(name, old)
            if new is not old:
                changes[name] = new
        return replace(item, **changes) if changes else item

    def _field(self, name: str, old: Any) -> Any:
        if self._rename is not None and self._renamed is not None:
            if name in _ADDRESSES and isinstance(old, str):
                return self._rename(old)
            if name in _ADDRESS_LISTS and isinstance(old, tuple):
                return tuple(map(self._rename, old))
            if isinstance(old, (Name, Operation)):
                return self._renamed(old)
        return old if isinstance(old, (Name, Constant, Operation)) else self.of(old)

    def _unknown(self, item: Unknown) -> Value:
        if item.symbol is None:
            return item
        if item.symbol in self._known:
            return replace(self._known[item.symbol], span=item.span)
        if self._renamed is None:
            return item
        return replace(item, symbol=self._renamed(item.symbol))

    def _text(self, item: Text) -> Value:
        parts = [Known(part) if isinstance(part, str) else self.of(part) for part in item.parts]
        whole = text(parts, item.span)
        encodes = self.of(item.encodes)
        if isinstance(whole, (Known, Text)):
            return replace(whole, encodes=encodes)
        return whole
