"""Collection functions that combine sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

from ....symbolic.budget import charge
from ....symbolic.values import Items, Value
from ..coerce import coerce
from ..comparison import as_set, wholly_known
from ..faults import EvaluationFault, beyond_limits
from ..sizes import MAX_ITEMS
from ..value_types import ANY, list_of, set_of, type_of, unify
from .base import CallContext, Function, symbolic
from .elements import is_hidden, is_open, items_of


def _combining(combine: Callable[[Sequence[Items]], list[Value]]) -> Callable[..., Value]:
    def combined(context: CallContext, *sets: Value) -> Value:
        known = [each for each in sets if isinstance(each, Items)]
        if len(known) < len(sets) or not all(map(wholly_known, known)):
            if combine is not _union:
                return context.unknown(*sets)
            # Whatever else is in it, what is listed is.
            is_whole = len(known) == len(sets) and all(each.remainder is None for each in known)
            remainder = None if is_whole else context.unknown(*sets)
            return as_set(Items(tuple(_union(known)), remainder, context.span))
        kind = unify([type_of(item) for each in known for item in each.items])
        if kind is None:
            raise EvaluationFault("the sets have elements of different types")
        converted = [coerce(each, set_of(kind)) for each in known]
        return as_set(
            Items(
                tuple(combine([each for each in converted if isinstance(each, Items)])),
                span=context.span,
            )
        )

    return combined


def _union(sets: Sequence[Items]) -> list[Value]:
    return [item for each in sets for item in each.items]


def _intersection(sets: Sequence[Items]) -> list[Value]:
    _charge_for_pairs(sets)
    return [item for item in sets[0].items if all(item in each.items for each in sets[1:])]


def _difference(sets: Sequence[Items]) -> list[Value]:
    _charge_for_pairs(sets)
    return [item for item in sets[0].items if item not in sets[1].items]


def _charge_for_pairs(sets: Sequence[Items]) -> None:
    charge(len(sets[0].items) * sum(len(each.items) for each in sets[1:]) // 8)


def _setproduct(context: CallContext, *sets: Value) -> Value:
    if len(sets) < 2:
        raise EvaluationFault("'setproduct' needs at least two sets")
    if any(is_hidden(each) or is_open(each) for each in sets):
        return context.unknown(*sets)
    lists = [items_of(each) for each in sets]
    if prod(len(each.items) for each in lists) * len(lists) > MAX_ITEMS:
        raise beyond_limits("a list")
    rows: list[tuple[Value, ...]] = [()]
    for each in lists:
        converted = coerce(each, set_of(ANY) if each.is_set else list_of(ANY))
        assert isinstance(converted, Items)
        rows = [(*row, item) for row in rows for item in converted.items]
    members = Items(
        tuple(Items(row, span=context.span) for row in rows), span=context.span, uniform=True
    )
    return as_set(members) if all(each.is_set for each in lists) else members


FUNCTIONS: dict[str, Function] = {
    "setintersection": symbolic(_combining(_intersection), set_of(ANY), variadic=set_of(ANY)),
    "setproduct": symbolic(_setproduct, variadic=ANY),
    "setsubtract": symbolic(_combining(_difference), set_of(ANY), set_of(ANY)),
    "setunion": symbolic(_combining(_union), set_of(ANY), variadic=set_of(ANY)),
}
