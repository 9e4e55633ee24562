"""The secrets and parameters that a stack's tasks name by ARN or name, where another stack of the
repository has them: with them comes the key that they are encrypted with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Union

from ..ecs.secret_references import Store
from ..ecs.task_secrets import distinct_uses
from ..model import Key, Resource, Stack, StoredParameter, StoredSecret
from ..model.rewriting import rewritten
from ..symbolic.patterns import regex
from ..symbolic.records import replace
from ..symbolic.strings import pieces
from ..symbolic.values import Known, Shape, Text, Unknown, Value, literal

Stored = Union[StoredSecret, StoredParameter]
_KINDS: dict[Store, type[Stored]] = {
    Store.SECRETS_MANAGER: StoredSecret,
    Store.PARAMETER_STORE: StoredParameter,
}
#: Secrets and parameters, each with its stack, by their kinds and names.
ByName = Mapping[tuple[type[Stored], str], Sequence[tuple[Stack, Stored]]]
_APPENDED = regex(r"^secret:.*(-[A-Za-z0-9]{6})$")


def with_secrets(stack: Stack, others: Iterable[ByName]) -> Stack:
    """The stack with those that it names and does not hold, each of the first of the ``others``
    that have any of that name, if they have but one. They are looked up, not judged."""
    for found in chain([stack.derived(_own)], others):
        wanted = _wanted(stack)
        if not wanted:
            break
        stack = _with_those(found, stack, wanted)
    return stack


def _own(stack: Stack) -> ByName:
    return by_name([stack])


def by_name(stacks: Iterable[Stack]) -> ByName:
    """All secrets and parameters in the stacks by their kinds and names, without a leading slash,
    as far as these are written out."""
    found: dict[tuple[type[Stored], str], list[tuple[Stack, Stored]]] = {}
    for stack in stacks:
        for kind in _KINDS.values():
            for stored in stack.of(kind):
                name = literal(stored.name)
                if name:
                    found.setdefault((kind, name.removeprefix("/")), []).append((stack, stored))
    return found


def _wanted(stack: Stack) -> list[tuple[type[Stored], Value, tuple[str, ...]]]:
    """What the stack's tasks name and it does not hold under that ARN: its kind, ARN and names."""
    return [
        (_KINDS[store], found.arn, names)
        for store in Store
        for _, found in distinct_uses(stack, store)
        if stack.find(_KINDS[store], found.arn) is None and (names := _names(found.arn))
    ]


def _with_those(
    known: ByName, stack: Stack, wanted: Iterable[tuple[type[Stored], Value, tuple[str, ...]]]
) -> Stack:
    added: dict[str, Resource] = {}
    secrets: list[Value] = []
    for kind, arn, names in wanted:
        found = [
            (other, stored)
            for name in names
            for other, stored in known.get((kind, name), ())
            if (other is stack or other.name != stack.name) and _may_be(arn, stored)
        ]
        if len({stored.span for _, stored in found}) == 1:
            other, stored = found[0]
            if other is stack:  # with another's it came here, and is known by the ARN it has there
                added[stored.address] = replace(stored, arn=arn)
            else:
                secrets += other.secrets
                added.update((each.address, each) for each in _with_key(other, stored, arn))
    return stack.beside(added.values(), secrets=secrets) if added else stack


def _may_be(arn: Value, stored: Stored) -> bool:
    """Is it of no other Region or account than the ARN, where both say theirs?"""
    fields = zip(_place(arn), _place(stored.arn), strict=True)
    return all(literal(a) in (literal(b), None) or literal(b) is None for a, b in fields)


def _names(arn: Value) -> tuple[str, ...]:
    """What the secret or parameter of that ARN may be called; nothing where that is not known.
    What looks like the end that Secrets Manager appends may be a word of the name (facts C4)."""
    fields = pieces.arn_parts(arn)
    resource = fields[pieces.RESOURCE] if fields else Known(None)
    if isinstance(resource, Text):
        head, end = resource.parts[0], resource.parts[1:]
        ends_open = len(end) == 1 and isinstance(end[0], Unknown) and end[0].shape is Shape.SUFFIX
        written = [head.removesuffix("-")] if ends_open and isinstance(head, str) else []
    else:
        whole = literal(resource) or ""
        written = [whole, *(whole[:-7] for _ in _APPENDED.findall(whole))]
    return tuple(
        name
        for each in written
        for start in ("secret:", "parameter/")
        if each.startswith(start) and (name := each.removeprefix(start))
    )


def _place(arn: Value) -> tuple[Value, ...]:
    """The partition, the Region and the account."""
    fields = pieces.arn_parts(arn)
    assert fields is not None
    return tuple(fields[at] for at in (pieces.PARTITION, pieces.REGION, pieces.ACCOUNT))


def _with_key(other: Stack, stored: Stored, arn: Value) -> Iterator[Resource]:
    """The secret or parameter with its key, as who names it by that ARN sees them: what is not
    known of its place there is as it is here."""
    key = other.find(Key, stored.kms_key)
    here = {
        hole.symbol: value
        for value, there in zip(_place(arn), _place(stored.arn), strict=True)
        for hole in pieces.parts(there)
        if isinstance(hole, Unknown) and hole.symbol is not None
    }
    found = (stored,) if key is None else (stored, key)
    for each in rewritten(found, here, f"{other.name}:"):
        yield replace(each, arn=arn) if isinstance(each, (StoredSecret, StoredParameter)) else each
