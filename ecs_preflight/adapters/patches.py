"""What one resource says of another: an attachment of its role, a policy of its secret.

A reader yields an ``Patch`` beside resources; ``patched`` finds whom it is about, by reference
or by name, and applies it. Where that cannot be told, whoever it may be about is put in doubt
instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Union

from ..model import Index, Resource
from ..symbolic.source import Span
from ..symbolic.strings import may_equal
from ..symbolic.values import Text, Unknown, Value, Why
from .fields import is_null


@dataclass(frozen=True)
class Patch:
    """``amend`` gives the ``kind`` that ``target`` names with something added; ``doubt`` gives it
    with the reason why something may have been added."""

    kind: type[Resource]
    target: Value
    amend: Callable[[Any], Any]
    doubt: Callable[[Any, Unknown], Any]
    address: str
    span: Span


Fact = Union[Resource, Patch]


def patched(facts: Iterable[Fact]) -> tuple[Resource, ...]:
    """The resources among the facts, with all amendments applied in the order of the code."""
    facts = tuple(facts)
    resources = [fact for fact in facts if isinstance(fact, Resource)]
    index = Index(resources)
    changes: dict[int, list[Callable[[Any], Any]]] = {}
    for amendment in facts:
        if isinstance(amendment, Patch):
            for resource, change in _changes(amendment, index, resources):
                changes.setdefault(id(resource), []).append(change)
    return tuple(_changed(resource, changes.get(id(resource), ())) for resource in resources)


def _changed(resource: Resource, changes: Iterable[Callable[[Any], Any]]) -> Resource:
    for change in changes:
        resource = change(resource)
    return resource


def _changes(
    amendment: Patch, index: Index, resources: list[Resource]
) -> Iterable[tuple[Resource, Callable[[Any], Any]]]:
    target = amendment.target
    found = index.all(amendment.kind, target)
    if len(found) == 1:
        yield found[0], amendment.amend
        return
    reason = _uncertainty(amendment, bool(found))
    if reason is None:
        return
    candidates = found or [
        r for r in resources if isinstance(r, amendment.kind) and may_be_named(r, target)
    ]
    for resource in candidates:
        yield resource, lambda amended_resource: amendment.doubt(amended_resource, reason)


def _uncertainty(amendment: Patch, ambiguous: bool) -> Unknown | None:
    """Why it is not known whom the amendment is about; None when it is nobody in sight, as when it
    refers to a resource which is not among ours."""
    target = amendment.target
    what = f"'{amendment.address}' may be about it"
    if ambiguous:
        return Unknown(
            f"{what}, or about another of that name", why=Why.CONDITION, span=amendment.span
        )
    if isinstance(target, Unknown):
        if target.why is Why.OUTSIDE:  # another stack's: it cannot know of ours
            return None
        return replace(target, reason=f"{what}: {target.reason}", symbol=None)
    if isinstance(target, Text):
        return Unknown(f"{what}: its name is not fully known", why=Why.APPLY, span=amendment.span)
    return None


def may_be_named(resource: Resource, target: Value) -> bool:
    """Can a text with holes become the resource's name or ARN?"""
    if not isinstance(target, Text):
        return True
    return any(
        may_equal(target, own)
        for own in (getattr(resource, "name", None), getattr(resource, "arn", None))
        if own is not None and not is_null(own)
    )
