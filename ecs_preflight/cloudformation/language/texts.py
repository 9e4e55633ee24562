"""Strings out of parts that are not all known: joining, splitting, templates, dynamic references.

However parts repeat, no string grows beyond ``MAX_TEXT``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from ...symbolic.budget import charge
from ...symbolic.patterns import regex
from ...symbolic.records import replace
from ...symbolic.source import Span
from ...symbolic.terms import Name, scalar_text
from ...symbolic.values import (
    Entries,
    Items,
    Known,
    Reference,
    Shape,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    text,
)

#: CloudFormation's own limit for a whole template is 1 MB.
MAX_TEXT = 4_000_000
#: A string has no more known and unknown pieces: each costs more than a character does.
MAX_PIECES = 2_000

_HOLE = regex(r"\$\{(!?)([^${}]+)\}")
_RESOLVE = "{{resolve:"


def concatenated(parts: Iterable[Value], span: Span) -> Value:
    """The parts as one string, dynamic references in it turned into holes."""
    kept = tuple(parts)
    length = sum(map(size, kept))
    pieces = sum(len(part.parts) if isinstance(part, Text) else 1 for part in kept)
    charge(pieces + length // 256)
    if length > MAX_TEXT or pieces > MAX_PIECES:
        reason = f"the string is longer than {MAX_TEXT:,} characters or {MAX_PIECES:,} pieces"
        return Unknown(reason, why=Why.LIMIT, span=span)
    return with_dynamic_references(text(kept, span))


def size(value: Value) -> int:
    """How long the string is once every reference in it is replaced by its text. Raises
    OverBudget."""
    return _size(value, {})


def _size(value: Value, measured: dict[int, int]) -> int:
    """What texts share is ``measured`` once."""
    if isinstance(value, Known):
        return len(value.value) if isinstance(value.value, str) else 8
    if isinstance(value, Reference) and value.text is not None:
        return _size(value.text, measured) + 1
    if not isinstance(value, Text):
        return 1
    if id(value) not in measured:
        charge(1 + len(value.parts) // 8)
        measured[id(value)] = sum(
            len(part) if isinstance(part, str) else _size(part, measured) for part in value.parts
        )
    return measured[id(value)]


def substituted(template: str, find: Callable[[str], Value], span: Span) -> Value:
    """``Fn::Sub``: ``${Name}`` as ``find`` has it; ``${!Name}`` is the literal ``${Name}``."""
    parts: list[Value] = []
    end = 0
    for match in _HOLE.finditer(template):
        parts.append(Known(template[end : match.start()]))
        literal, name = match[1], match[2]
        parts.append(Known(f"${{{name}}}") if literal else find(name.strip()))
        end = match.end()
    parts.append(Known(template[end:]))
    return concatenated(parts, span)


def with_dynamic_references(value: Value) -> Value:
    """The string with each ``{{resolve:service:...}}`` as a hole: CloudFormation fetches it at
    deployment (User Guide, "Get values stored in other services using dynamic references")."""
    if isinstance(value, Known) and isinstance(value.value, str) and _RESOLVE in value.value:
        parts: tuple[str | Unknown | Reference, ...] = (value.value,)
    elif isinstance(value, Text) and any(isinstance(p, str) and _RESOLVE in p for p in value.parts):
        parts = value.parts
    else:
        return value
    outside: list[Value] = []
    inside: list[str] | None = None
    for part in parts:
        if not isinstance(part, str):
            if inside is None:
                outside.append(part)
            else:
                inside.append(f"${{{part.symbol}}}")
            continue
        left = part
        while left:
            if inside is None:
                before, opening, left = left.partition(_RESOLVE)
                outside.append(Known(before))
                inside = [_RESOLVE] if opening else None
            else:
                before, closing, left = left.partition("}}")
                inside.append(before + closing)
                if closing:
                    outside.append(_dynamic("".join(inside)))
                    inside = None
    if inside is not None:  # the reference has no end, and is ordinary text
        return value
    whole = text(outside, value.span)
    if isinstance(whole, Text) and len(whole.parts) == 1 and isinstance(whole.parts[0], Unknown):
        return replace(whole.parts[0], span=value.span)
    return whole


def _dynamic(reference: str) -> Unknown:
    return Unknown(f"'{reference}' is read at deployment", Name(reference), Why.OUTSIDE)


def split(value: Value, delimiter: str, span: Span) -> tuple[tuple[Value, ...], Unknown | None]:
    """The pieces of a string; when a hole may hold the delimiter, those before that hole, and why
    the others are not known."""
    value = expanded(value)
    parts = (
        value.parts
        if isinstance(value, Text)
        else ((scalar_text(value.value),) if isinstance(value, Known) else (value,))
    )
    pieces: list[list[Value]] = [[]]
    for part in parts:
        if isinstance(part, str):
            first, *others = part.split(delimiter) if delimiter else [part]
            pieces[-1].append(Known(first))
            pieces.extend([Known(other)] for other in others)
        elif isinstance(part, (Unknown, Reference)) and not _may_hold(part, delimiter):
            pieces[-1].append(part)
        else:
            reason = f"how often '{delimiter}' occurs is not known"
            why = (
                Unknown(part.reason, why=part.why, span=span)
                if isinstance(part, Unknown)
                else Unknown(reason, why=Why.APPLY, span=span)
            )
            return tuple(text(piece, span) for piece in pieces[:-1]), why
    return tuple(text(piece, span) for piece in pieces), None


def _may_hold(hole: Unknown | Reference, delimiter: str) -> bool:
    extra, _, longest = hole.shape.value if isinstance(hole, Unknown) else Shape.ANY.value
    if longest is not None and len(delimiter) > longest:
        return False
    return extra is None or all(c.isalnum() or c in extra for c in delimiter)


def json_of(value: Value, span: Span) -> Value:
    """``Fn::ToJsonString``: the JSON of the value, holes in its strings kept."""
    parts = _json(value)
    if parts is None:
        return Unknown("the JSON of what is not known", why=Why.FUNCTION, span=span)
    whole = concatenated(parts, span)
    return replace(whole, encodes=value) if isinstance(whole, (Known, Text)) else whole


def _json(value: Value) -> list[Value] | None:
    """The parts of a value's JSON, or None when its structure is not known."""
    if isinstance(value, Known):
        return [Known(json.dumps(value.value))]
    if isinstance(value, Text):
        quoted = [Known(json.dumps(p)[1:-1]) if isinstance(p, str) else p for p in value.parts]
        return [Known('"'), *quoted, Known('"')]
    shaped = isinstance(value, Unknown) and value.shape is not Shape.ANY
    if shaped or isinstance(value, Reference):
        return [Known('"'), value, Known('"')]
    if isinstance(value, Items) and value.remainder is None:
        return _json_list("[", [("", item) for item in value.items], "]")
    if isinstance(value, Entries) and value.remainder is None:
        return _json_list("{", [(json.dumps(key) + ":", item) for key, item in value.entries], "}")
    return None


def _json_list(opening: str, members: list[tuple[str, Value]], closing: str) -> list[Value] | None:
    parts: list[Value] = [Known(opening)]
    for index, (key, member) in enumerate(members):
        inner = _json(member)
        if inner is None:
            return None
        parts += [Known(("," if index else "") + key), *inner]
    return [*parts, Known(closing)]


#: A name or an ARN is far shorter; what is longer comes of names made of names.
_MAX_REFERENCE = 400


def bounded(value: Value) -> Value:
    """The value, a reference in it without its text where that would be too long to be real."""
    if isinstance(value, Reference) and value.text is not None:
        return value if size(value.text) <= _MAX_REFERENCE else replace(value, text=None)
    return value
