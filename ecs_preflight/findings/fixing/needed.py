"""Statements that allow what is needed, with the names that can be written at a place."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...symbolic.values import Value
from ..needs import Demand
from .edits import all_of
from .handing import by_resource
from .names import written
from .places import Place
from .statements import NewStatement


def statements_for(
    place: Place, demands: Iterable[Demand], origin_of: Callable[[Value], Value]
) -> list[NewStatement] | None:
    """A statement for all resources of which the same actions are demanded; None where one of them
    has no name at the place. ``origin_of`` says out of which value a resource was read."""
    alike: dict[tuple[str, ...], list[Value]] = {}
    for resource, actions in by_resource(demands):
        alike.setdefault(tuple(actions), []).append(resource)
    found: list[NewStatement] = []
    for wanted, resources in alike.items():
        names = all_of(written(place, each, origin_of(each), handing=True) for each in resources)
        if names is None:
            return None
        found.append(NewStatement(wanted, tuple(names)))
    return found
