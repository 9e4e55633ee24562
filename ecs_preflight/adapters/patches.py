"""What one resource says of another: an attachment of its role, a policy of its secret.

A reader yields an ``Patch`` beside resources; ``patched`` finds whom it is about, by reference
or by name, and applies it. Where that cannot be told, whoever it may be about is put in doubt
instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Any, Union

from ..model import Index, Resource, Role
from ..symbolic.budget import OverBudget, charge
from ..symbolic.records import dataclass, replace
from ..symbolic.same import Same
from ..symbolic.sharing import same, shared
from ..symbolic.source import Span
from ..symbolic.strings import Tokens, may_match, tokens
from ..symbolic.terms import Name
from ..symbolic.values import Known, Text, Unknown, Value, Why, expanded
from ..symbolic.worlds import PathCondition
from .escapes import Escaped, handed
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
_Names = tuple[Union[Tokens, None], ...]
#: A patch, and why it may be about another resource.
_Change = tuple[Patch, Union[Unknown, None]]


class _Named:
    """Resources with their names, which few stacks have anyone ask for."""

    def __init__(self, resources: Sequence[Resource], sources: Sequence[Escaped]) -> None:
        self._resources, self._sources = resources, sources

    @cached_property
    def all(self) -> list[tuple[Resource, _Names]]:
        """All of them."""
        return [(resource, _names(Same(resource))) for resource in self._resources]

    @cached_property
    def unnamed(self) -> list[tuple[Resource, _Names]]:
        """Those whose name is not known, so that it may be another's."""
        return [(resource, its) for resource, its in self.all if not _is_named(resource)]

    @cached_property
    def handed(self) -> list[tuple[Resource, _Names]]:
        """Those that modules are given which could not be read."""
        found = handed(self._resources, self._sources)
        return [(each, _names(Same(each))) for each in self._resources if each.address in found]


def patched(
    facts: Iterable[Fact], sources: Sequence[Escaped], world: PathCondition
) -> tuple[Resource, ...]:
    """The resources among the facts, with all amendments applied in the order of the code. An
    amendment of a role that a module makes which could not be read is of none of them but, perhaps,
    of those among what escapes, which such a module is given. Raises OverBudget."""
    facts = tuple(facts)
    found = tuple(fact for fact in facts if isinstance(fact, Resource))
    resources = same(world, "resources", found)
    index = shared(world, "index", (resources,), lambda: Index(resources))
    changes: dict[int, list[_Change]] = {}
    named = _Named(resources, sources)
    for amendment in facts:
        if isinstance(amendment, Patch):
            for resource, reason in _changes(amendment, index, named, world):
                changes.setdefault(id(resource), []).append((amendment, reason))
    return tuple(_changed(resource, changes.get(id(resource), ()), world) for resource in resources)


def _changed(resource: Resource, changes: Sequence[_Change], world: PathCondition) -> Resource:
    charge(10 * len(changes))
    things = (resource, *(each for change in changes for each in change))
    return shared(world, "patched", things, lambda: _applied(resource, changes))


def _applied(resource: Resource, changes: Iterable[_Change]) -> Resource:
    for patch, reason in changes:
        resource = patch.amend(resource) if reason is None else patch.doubt(resource, reason)
    return resource


def _changes(
    amendment: Patch, index: Index, named: _Named, world: PathCondition
) -> Iterable[tuple[Resource, Unknown | None]]:
    target = amendment.target
    found = index.all(amendment.kind, target)
    if len(found) == 1:
        yield found[0], None
        return
    what = "uncertain of several" if found else "uncertain"
    reason = shared(world, what, (amendment,), lambda: _uncertainty(amendment, bool(found)))
    if reason is None:
        return
    candidates = found or _candidates(amendment, _possible(amendment, named))
    for resource in candidates:
        yield resource, reason


def _possible(amendment: Patch, named: _Named) -> list[tuple[Resource, _Names]]:
    """Which resources the target may be one of: of those that modules are given which could not be
    read, where it is what such a module, or its output, is called a role for."""
    target = amendment.target
    if isinstance(expanded(target), Known):
        return named.unnamed
    return named.handed if amendment.kind is Role and _is_called_role(target) else named.all


def _is_called_role(target: Value) -> bool:
    """By the name of the module that could not be read, or by its output's; not by the modules that
    it is called in."""
    return (
        isinstance(target, Unknown)
        and target.why in (Why.MODULE, Why.REACH)
        and isinstance(target.symbol, Name)
        and "role" in target.symbol.path.lower().rpartition(".module.")[2]
    )


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
    if isinstance(target, Text) or (isinstance(target, Known) and not is_null(target)):
        return Unknown(f"{what}: its name is not fully known", why=Why.APPLY, span=amendment.span)
    return None


@lru_cache(maxsize=1 << 12)
def _names(resource: Same[Resource]) -> _Names:
    """The resource's name and ARN, as they are compared; None where there is none, or it is no
    text."""
    return tuple(tokens(expanded(name)) for name in resource.value.names if not is_null(name))


def _is_named(resource: Resource) -> bool:
    """Is its name known, so that it is no other's?"""
    _, name, *_ = resource.names
    return isinstance(expanded(name), Known)


def _candidates(amendment: Patch, named: Sequence[tuple[Resource, _Names]]) -> list[Resource]:
    """Of which resources a text with holes can become the name or the ARN; all, where to ask that
    is over budget."""
    alike = [(resource, names) for resource, names in named if isinstance(resource, amendment.kind)]
    if not isinstance(amendment.target, (Text, Known)):
        return [resource for resource, _ in alike]
    target = tokens(expanded(amendment.target))
    try:
        charge(8 * len(alike))
        return [
            resource
            for resource, names in alike
            if any(target is None or own is None or may_match(target, own) for own in names)
        ]
    except OverBudget:
        return [resource for resource, _ in alike]
