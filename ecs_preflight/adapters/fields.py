"""Fields of a resource's body, whichever language spells them.

``execution_role_arn`` and ``ExecutionRoleArn``, ``file_system_id`` and ``FilesystemId`` are one
name here: case and underscores do not count (ECS's own JSON decoder does not look at case either;
inside container definitions underscores count, as it has them: ``exact``).
Where the languages differ in more than that, a reader names both. What is null or the empty string
counts as absent; a value of the wrong type is Unknown, with the reason; nothing raises.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..model import Several
from ..symbolic.jsontext import looks_like_json
from ..symbolic.keys import folded
from ..symbolic.records import replace
from ..symbolic.source import NOWHERE, Span
from ..symbolic.values import Entries, Items, Known, Text, Unknown, Value, Why, first, not_given
from .units import Declared

Item = TypeVar("Item")

#: The longest text of a field, and the longest document (characters): all of a task definition is
#: no larger than 64 KiB (ECS, "Service quotas"), all of a template than 1 MB. Of so many parts is
#: no field that is no document.
MAX_FIELD, MAX_DOCUMENT, MAX_PARTS = 65_536, 1_000_000, 200


def field(value: Value, *paths: str) -> Value:
    """What stands under the first of ``paths`` that is written (``Host.SourcePath``, ``HostPath``).

    Known(None) when none is, Unknown when it cannot be said. On the way a list of one block counts
    as that block.
    """
    absent: Value | None = None
    doubt: Unknown | None = None
    for path in paths:
        item = _walk(value, path)
        if isinstance(item, Unknown):
            doubt = item if doubt is None else doubt
        elif not is_null(item):
            return _bounded(item)
        elif absent is None:
            absent = item
    if doubt is not None:
        return doubt
    return Known(None, value.span) if absent is None else absent


def _bounded(value: Value) -> Value:
    """The value; Unknown where it is a text that AWS takes in no field, or a document that it takes
    nowhere. Each need that names it would have to be told of at its length."""
    if isinstance(value, Known) and isinstance(value.value, str):
        length, parts = len(value.value), 1
    elif isinstance(value, Text):
        length = sum(len(part) for part in value.parts if isinstance(part, str))
        parts = len(value.parts)
    else:
        return value
    if length <= MAX_FIELD and parts <= MAX_PARTS:
        return value
    if length <= MAX_DOCUMENT and looks_like_json(value):
        return value
    reason = f"a text of {length:,} characters in {parts:,} parts is none that AWS takes"
    return Unknown(reason, why=Why.LIMIT, span=value.span)


def is_null(value: Value) -> bool:
    """Is the value certainly null or left out?"""
    return isinstance(value, Known) and value.value is None


def _walk(value: Value, path: str) -> Value:
    for name in path.split(".") if "." in path else (path,):
        value = _member(value if isinstance(value, Entries) else block(value), name)
    return value


def _member(value: Value, name: str) -> Value:
    if not isinstance(value, Entries):
        return value
    item = value.get_named(name)
    if not isinstance(item, Known) or item.value != "":
        return item
    given = not_given(item)
    return Known(None, item.span) if given is item else given


def block(value: Value) -> Value:
    """A value as a map: Entries, Unknown, or Known(None)."""
    if isinstance(value, Items):
        if len(value.items) == 1:
            return block(value.items[0])
        if not value.items:
            return nothing(value.remainder, value.span)
        return Unknown(
            "there are several blocks where one belongs", why=Why.FUNCTION, span=value.span
        )
    if isinstance(value, (Entries, Unknown)) or is_null(value):
        return value
    return Unknown("it is not a map", why=Why.FUNCTION, span=value.span)


def nothing(remainder: Unknown | None, span: Span) -> Value:
    """What a list without known items reads as: null, or why there may be some."""
    return Known(None, span) if remainder is None else remainder


def maps(value: Value, read: Callable[[Entries], Item]) -> Several[Item]:
    """A list of maps (or a single one), each read by ``read``; nulls in it do not count."""
    if isinstance(value, Items):
        remainder = value.remainder
        read_items: list[Item] = []
        for item in value:
            entry = block(item)
            if isinstance(entry, Entries):
                read_items.append(read(entry))
            elif isinstance(entry, Unknown):
                remainder = first(remainder, entry)
        return Several(tuple(read_items), remainder)
    entry = block(value)
    if isinstance(entry, Entries):
        return Several((read(entry),))
    return Several((), entry if isinstance(entry, Unknown) else None)


def scalars(value: Value) -> Several[Value]:
    """A list of scalars (or a single one), each of which may be unknown; nulls do not count."""
    if isinstance(value, Items):
        return Several(tuple(item for item in value if not is_null(item)), value.remainder)
    if isinstance(value, Unknown):
        return Several((), value)
    if isinstance(value, Entries):
        return Several((), Unknown("it is not a list", why=Why.FUNCTION, span=value.span))
    return Several() if is_null(value) else Several((value,))


def argument(value: Value, *paths: str) -> Several[Value]:
    """The scalars under the first of ``paths`` that is written, and where its key stands."""
    return replace(scalars(field(value, *paths)), span=_key_span(value, paths))


def _key_span(value: Value, paths: tuple[str, ...]) -> Span:
    for path in paths:
        above, _, name = path.rpartition(".")
        holder = block(_walk(value, above) if above else value)
        if isinstance(holder, Entries) and not is_null(_member(holder, name)):
            wanted = folded(name, holder.exact)
            keys = (key for key, _ in holder.entries if folded(key, holder.exact) == wanted)
            return next(map(holder.key_span, keys), NOWHERE)
    return NOWHERE


def exact(value: Value, depth: int = 8) -> Value:
    """The value with keys in which underscores count, as far down as the API's parameters go."""
    if depth and isinstance(value, Items):
        return replace(value, items=tuple(exact(item, depth - 1) for item in value))
    if depth and isinstance(value, Entries):
        entries = tuple((name, exact(item, depth - 1)) for name, item in value.entries)
        return replace(value, entries=entries, exact=True)
    return value


def flag(value: Value) -> Value:
    """ENABLED and DISABLED as true and false; other values as they are."""
    if isinstance(value, Known) and value.value in ("ENABLED", "DISABLED"):
        return replace(value, value=value.value == "ENABLED")
    return value


def base(declared: Declared) -> dict[str, Any]:
    """The fields that every Resource has."""
    return {
        "address": declared.address,
        "type": declared.type,
        "span": declared.span,
        "conditional": declared.conditional,
        "label": declared.label,
        "target": declared.target,
    }
