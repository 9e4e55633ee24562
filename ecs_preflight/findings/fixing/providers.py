"""Capacity providers given to a cluster: beside those it has, else as its first ones."""

from __future__ import annotations

from collections.abc import Sequence

from ...model import CapacityProvider, Cluster, Stack
from ...symbolic.values import Value, literal
from ..finding import Draft, Fix
from ..sources import Form, Sources
from .edits import all_of, with_edits
from .expressions import Expression, Inserted, plain, rendered
from .insertions import argument_edit, block_behind
from .lists import extended, list_around
from .places import Place
from .policies import free_label

_ASSOCIATION = "aws_ecs_cluster_capacity_providers"


def associating(stack: Stack, cluster: Cluster, providers: Sequence[Value]) -> Draft:
    """The providers associated with the cluster, as far as they can be named beside it."""

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
        form = source.form(source.start(cluster.span))
        written = f"[{', '.join(str(rendered(form, name, flow=True)) for name in names)}]"
        if form is not Form.HCL:
            property_edit = argument_edit(source, cluster.span, ("", "CapacityProviders"), written)
            return with_edits(fix, [property_edit])
        name = cluster.address.removeprefix(place.home)
        label = free_label(place, name.rpartition(".")[2], _ASSOCIATION)
        block = (
            f'resource "{_ASSOCIATION}" "{label}" {{\n'
            f"  cluster_name       = {name}.name\n"
            f"  capacity_providers = {written}\n}}"
        )
        return with_edits(fix, [block_behind(source, source.end(cluster.span), block)])

    return draft


def _named(place: Place, provider: Value) -> Expression | None:
    found = place.stack.find(CapacityProvider, provider)
    name = literal(provider)
    if found is None:
        return None if name is None else plain(name)
    address = place.name_of(found.address)
    if address is None:
        return None
    return (Inserted(f"{address}.name" if place.is_terraform else address),)
