"""Capacity providers given to a cluster: beside those it has, else as its first ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...model import CapacityProvider, Cluster, Launch, Stack
from ...symbolic.patterns import regex
from ...symbolic.source import Span
from ...symbolic.values import Value, literal
from ..finding import Draft, Edit, Fix
from ..sources import FileText, Form, Sources, closing
from .edits import all_of, with_edits
from .expressions import Expression, Inserted, plain, rendered
from .insertions import argument_at, argument_edit, block_behind
from .lists import extended, list_around
from .places import Place
from .policies import free_label
from .references import awaiting

_ASSOCIATION = "aws_ecs_cluster_capacity_providers"
_HEAD = regex(rf'^resource\s+"{_ASSOCIATION}"\s+"[\w-]+"\s*\{{', re.M)
_INPUT = regex(r"var\.([\w-]+)")


def associating(
    stack: Stack, cluster: Cluster, providers: Sequence[Value], services: Sequence[Launch]
) -> Draft:
    """The providers associated with the cluster, as far as they can be named beside it, before its
    ``services``: where the association is a resource of its own, nothing else has them wait."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        own = cluster.capacity_providers.items
        spans = [value.span for value in own]
        source = sources.at(spans[0] if spans else cluster.span)
        if source is None:
            return None
        place = Place.beside(stack, sources, source.file, cluster.address)
        names = all_of(_named(place, each) for each in providers)
        if not names:
            return None
        if spans:
            listed = list_around(sources, spans[0], spans[-1])
            edits = extended(source, listed, spans, names) if listed else None
            return with_edits(fix, edits)
        written = _list(source, cluster.span, names)
        if source.form(source.start(cluster.span)) is not Form.HCL:
            return with_edits(
                fix, [_empty_list(source, cluster.span, "CapacityProviders", written)]
            )
        name = cluster.address.removeprefix(place.home)

        def associated(label: str, edit: Edit | None) -> Fix | None:
            waiting = _waiting(stack, services, f"{place.home}{_ASSOCIATION}.{label}", sources)
            return with_edits(fix, [edit, *waiting])

        for other in sources.beside(source.file):
            association = _association_in(other, name)
            if association is not None:
                edit = _empty_list(other, association, "capacity_providers", written)
                edit = edit or _by_input(place, other, association, providers)
                return associated(other.slice(association).split('"')[3], edit)
        label = free_label(place, name.rpartition(".")[2], _ASSOCIATION)
        block = (
            f'resource "{_ASSOCIATION}" "{label}" {{\n'
            f"  cluster_name       = {name}.name\n"
            f"  capacity_providers = {written}\n}}"
        )
        return associated(label, block_behind(source, source.end(cluster.span), block))

    return draft


def _waiting(
    stack: Stack, services: Sequence[Launch], association: str, sources: Sources
) -> Iterator[Edit]:
    """The services of the association's module made to wait for it, each block once."""
    blocks = {each.span: each for each in services if association not in (each.depends_on or ())}
    for service in blocks.values():
        made = awaiting(stack, service, [association])(Fix(""), sources)
        yield from made.edits if made else ()


def _list(source: FileText, at: Span, names: Sequence[Expression]) -> str:
    form = source.form(source.start(at))
    return f"[{', '.join(str(rendered(form, name, flow=True)) for name in names)}]"


def _association_in(source: FileText, cluster: str) -> Span | None:
    """The resource that associates providers with that cluster of the module."""
    name = re.compile(rf"(?<![\w.]){re.escape(cluster)}\b")
    for head in _HEAD.finditer(source.text):
        found = source.span(head.start(), closing(source.text, head.end() - 1))
        named = argument_at(source, found, "cluster_name")
        if named and name.search(source.slice(named)):
            return found
    return None


def _empty_list(source: FileText, holder: Span, name: str, written: str) -> Edit | None:
    """The list as the argument, which is not there or is empty; None where it is computed."""
    there = argument_at(source, holder, name)
    if there is None:
        return argument_edit(source, holder, (name, name), written)
    return Edit(there, written) if re.fullmatch(r"\[\s*\]", source.slice(there)) else None


def _by_input(
    place: Place, source: FileText, association: Span, providers: Sequence[Value]
) -> Edit | None:
    """The list given to the input of the module that the association takes, where that is called;
    None where it takes another expression, or the call gives another list."""
    there = argument_at(source, association, "capacity_providers")
    given = _INPUT.fullmatch(source.slice(there)) if there else None
    call = place.stack.calls.get(place.home.removesuffix("."))
    block = place.sources.at(call.span) if call else None
    if given is None or call is None or block is None:
        return None
    outside = Place.beside(place.stack, place.sources, block.file, call.address)
    names = all_of(_named(outside, each) for each in providers)
    return (
        _empty_list(block, call.span, given[1], _list(block, call.span, names)) if names else None
    )


def _named(place: Place, provider: Value) -> Expression | None:
    found = place.stack.find(CapacityProvider, provider)
    name = literal(provider)
    if found is None:
        return None if name is None else plain(name)
    address = place.name_of(found.address)
    if address is None:
        return None
    return (Inserted(f"{address}.name" if place.is_terraform else address),)
