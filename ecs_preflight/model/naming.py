"""How resources are found by what names them: addresses, ARNs, names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Union

from ..symbolic.strings import pieces
from ..symbolic.terms import names_in
from ..symbolic.values import Known, Reference, Text, Unknown, Value, expanded
from .common import Identity, Item, Resource, identity

#: The addresses that a value refers to as a whole, and what it is made of, where that is known.
Naming = tuple[tuple[str, ...], Union[Identity, None]]


class Index:
    """Resources, to be found by what names them: their address, ARN or name (a key's aliases
    too)."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._by_address: dict[str, list[Resource]] = {}
        self._by_identity: dict[Identity, list[Resource]] = {}
        for resource in resources:
            self._by_address.setdefault(resource.address, []).append(resource)
            for key in resource.identities:
                self._by_identity.setdefault(key, []).append(resource)

    def all(self, kind: type[Item], value: Value) -> tuple[Item, ...]:
        """All of that class which ``value`` may name; those at an address it refers to come
        alone."""
        for address in addresses(value):
            found = tuple(r for r in self._by_address.get(address, ()) if isinstance(r, kind))
            if found:
                return found
        key = identity(value)
        named = self._by_identity.get(key, ()) if key is not None else ()
        return tuple(r for r in named if isinstance(r, kind))

    def at(self, kind: type[Item], address: str) -> Item | None:
        """The one of that class at the address; None where there is none."""
        return next((r for r in self._by_address.get(address, ()) if isinstance(r, kind)), None)

    def find(self, kind: type[Item], value: Value) -> Item | None:
        """The first of them, or None when the value is unknown, absent, or names nothing here."""
        return next(iter(self.all(kind, value)), None)


def naming(value: Value) -> Naming:
    """What the value may name a resource by."""
    return addresses(value), identity(value)


def addresses(value: Value) -> tuple[str, ...]:
    """The addresses a value refers to as a whole: a reference itself, or the reference that opens a
    text (``${aws_secretsmanager_secret.db.arn}:password::``)."""
    if isinstance(value, Reference):
        inner = addresses(value.text) if value.text is not None else ()
        return (value.address, *inner)
    if isinstance(value, Text) and isinstance(value.parts[0], Reference):
        return addresses(value.parts[0])
    return ()


def unit_of(address: str) -> str:
    """What the addresses and terms of another unit than the stack's own begin with: its name and a
    colon; else ""."""
    head = address.partition("[")[0]
    return head[: head.rfind(":") + 1]


def family_of(value: Value) -> Value:
    """The family in a task definition's ARN, in ``family:revision`` or alone."""
    named = pieces.after(expanded(value), "task-definition/")
    return pieces.before(named, ":") or named


def revision_of(value: Value) -> str | None:
    """The address of the task definition whose revision a text ends in, where a hole stands for it
    (``!Ref`` in a text)."""
    value = expanded(value)
    last = value.parts[-1] if isinstance(value, Text) else None
    names = names_in(last.symbol) if isinstance(last, Unknown) else ()
    found = [name.removesuffix(".revision") for name in names if name.endswith(".revision")]
    return found[0] if len(found) == 1 else None


def plain_role_name(value: Value) -> str | None:
    """The name alone, without its path."""
    name = role_name(value)
    return None if name is None else name.rpartition("/")[2]


def role_name(value: Value) -> str | None:
    """``path/name`` out of a role's ARN, where both are known; a bare name counts as under
    ``/``."""
    value = expanded(value)
    last = value.parts[-1] if isinstance(value, Text) else getattr(value, "value", None)
    if not isinstance(last, str):
        return None
    if ":role/" in last:
        return last.rsplit(":role/", 1)[1]
    return last if isinstance(value, Known) and ":" not in last and last else None
