"""From evaluated resources to the model's classes: what both languages have in common.

Each language has a table of readers, by type; most readers serve both (see ``fields``). A reader
yields resources, and amendments of others: an attachment, a policy, an alias. ``read`` joins them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from ..model import Key, Resource, Role, TargetGroup, TaskDefinition, UserGroup
from ..symbolic.faults import contained
from ..symbolic.records import replace
from ..symbolic.same import Same
from ..symbolic.sharing import shared
from ..symbolic.values import Unknown, Why, first
from ..symbolic.worlds import PathCondition
from . import clusters, network, roles, users
from .escapes import Escaped, escaped_beyond
from .patches import patched
from .units import Declared, Surroundings

#: What that was not read may say something of any resource.
_IN_DOUBT = (Why.UNREADABLE, Why.FAULT)

Reader = Callable[[Declared], Iterable[Any]]


def read(
    readers: Mapping[str, Reader],
    declared: Iterable[Declared],
    surroundings: Surroundings,
    world: PathCondition,
) -> tuple[Resource, ...]:
    """The model's resources of a stack; ``readers`` are by ``kind``. What a reader fails at is left
    out, and puts the rest in doubt as a file does that cannot be read. What comes of declarations
    that are the default world's is its very own."""
    lost: list[Unknown] = []
    facts = network.joined(_facts(readers, declared, lost, world))
    around = replace(surroundings, unread=(*surroundings.unread, *lost))
    beyond = (escaped_beyond(Same(around.beyond)),) if around.beyond else ()
    sources = (Escaped(around.escapes), *beyond)
    resources = roles.resolved((*patched(facts, sources, world), *roles.elsewhere(facts)), world)
    joined = clusters.joined(roles.additions(resources))
    return users.in_groups(_in_doubt(joined, around, sources, world))


def _facts(
    readers: Mapping[str, Reader],
    declared: Iterable[Declared],
    lost: list[Unknown],
    world: PathCondition,
) -> list[Any]:
    """What the readers give; to ``lost`` goes why for what they fail at."""
    facts: list[Any] = []
    for each in declared:
        reader = readers.get(kind(each))
        if reader is not None:
            read = partial(shared, world, "facts", (each,), partial(_read_by, reader, each))
            found = contained(read, lost.append, each.address, each.span)
            facts += () if found is None else found
    return facts


def _read_by(reader: Reader, declared: Declared) -> tuple[Any, ...]:
    return tuple(reader(declared))


def kind(declared: Declared) -> str:
    """The type as the tables of readers and attributes know it: data sources have a prefix."""
    return f"data.{declared.type}" if declared.is_data else declared.type


def _in_doubt(
    resources: tuple[Resource, ...],
    surroundings: Surroundings,
    sources: Sequence[Escaped],
    world: PathCondition,
) -> tuple[Resource, ...]:
    """The resources, with every role, key and task definition incomplete that somebody out of
    sight, or a file that cannot be read, may add to."""
    unread = next((u for u in surroundings.unread if u.why in _IN_DOUBT), None)
    owners = [r for r in resources if isinstance(r, (Role, UserGroup, Key, TargetGroup))]
    addresses = frozenset(owner.address for owner in owners)
    named = () if surroundings.mentions is None else (Escaped(surroundings.mentions),)
    gaps: dict[str, list[Unknown]] = {}
    for owner in owners:
        those = (*sources, *named) if isinstance(owner, TargetGroup) else sources
        reasons = [reason for source in those for reason in source.reasons(owner, addresses)]
        if reasons:
            gaps.setdefault(owner.address, []).extend(reasons)

    def doubted(resource: Resource) -> Resource:
        found = (*gaps.get(resource.address, ()), unread)
        if isinstance(resource, Key):
            return replace(resource, escapes=first(*found))
        if isinstance(resource, TargetGroup):
            return replace(resource, handed=first(*found))
        if isinstance(resource, (Role, UserGroup)):
            more = dict.fromkeys(gap for gap in found if gap is not None)
            return replace(resource, gaps=(*resource.gaps, *more))
        if unread is None:
            return resource
        if isinstance(resource, TaskDefinition) and resource.containers.remainder is None:
            return replace(resource, containers=replace(resource.containers, remainder=unread))
        return resource

    def of_default(resource: Resource) -> Resource:
        if isinstance(resource, TargetGroup):
            return resource if surroundings.mentions is None else doubted(resource)
        if unread is None and resource.address not in gaps:
            return resource
        things = (resource, *gaps.get(resource.address, ()), unread)
        return shared(world, "doubted", things, partial(doubted, resource))

    return tuple(map(of_default, resources))
