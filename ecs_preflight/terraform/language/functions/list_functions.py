"""Collection functions that make lists of lists, or sum them up."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ....symbolic.budget import charge
from ....symbolic.records import replace
from ....symbolic.values import Entries, Items, Known, Shape, Unknown, Value, literal
from ...syntax import numeric
from ..coerce import coerce
from ..comparison import equal, wholly_known
from ..faults import EvaluationFault, beyond_limits
from ..sizes import MAX_ITEMS
from ..value_types import ANY, BOOL, NUMBER, STRING, list_of, type_of, unify
from .base import CallContext, number, plain, symbolic, whole_number
from .elements import is_filled, is_given, is_hidden, is_open, items_of
from .graphemes import graphemes

#: What Terraform itself allows of ``range``.
_MAX_RANGE = 1_024


def _concat(context: CallContext, *lists: Value) -> Value:
    if not lists:
        raise EvaluationFault("'concat' needs arguments")
    items: list[Value] = []
    is_partial = False
    for each in lists:
        if isinstance(each, Items) and (not each.is_set or is_open(each)):
            items.extend(each.items)
            is_partial = is_partial or each.remainder is not None
        elif is_hidden(each):
            is_partial = True
        else:
            raise EvaluationFault("'concat' takes lists")
    if is_partial:
        return Items(tuple(items), context.unknown(*lists), context.span)
    is_list = all(isinstance(each, Items) and each.uniform for each in lists)
    kind = unify([type_of(each) for each in lists]) if is_list else None
    whole = Items(tuple(items), None, context.span, uniform=kind is not None)
    return coerce(whole, kind) if kind is not None else whole


def _flatten(context: CallContext, collection: Value) -> Value:
    if is_hidden(collection):
        return Items((), context.unknown(collection), context.span)
    items: list[Value] = []
    is_whole = _add_flat(items_of(collection), items, 0)
    return Items(tuple(items), None if is_whole else context.unknown(collection), context.span)


def _add_flat(collection: Items, items: list[Value], depth: int) -> bool:
    """Adds the elements, those of lists in their place; whether these are all. What an unknown
    element is, nobody knows: it may be a list of its own."""
    if depth > 100 or len(items) > MAX_ITEMS:
        raise beyond_limits("a list")
    is_whole = collection.remainder is None
    for item in items_of(collection).items:
        if isinstance(item, Items):
            is_whole = _add_flat(item, items, depth + 1) and is_whole
        elif isinstance(item, Unknown):
            is_whole = False
        else:
            items.append(item)
    return is_whole


def _distinct(context: CallContext, collection: Value) -> Value:
    if not isinstance(collection, Items):
        return context.unknown(collection)
    unique: list[Value] = []
    seen: set[Value] = set()
    is_certain = True
    for item in collection.items:
        if isinstance(item, Known):
            if item in seen:
                continue
            seen.add(item)
        charge(len(unique) // 8)
        answers = [
            equal(item, other)
            for other in unique
            if not (isinstance(item, Known) and isinstance(other, Known))
        ]
        if True in answers:
            continue
        is_certain = is_certain and None not in answers
        unique.append(item)
    # What is listed is there at least once; where a duplicate drops out, the order is open.
    return replace(collection, items=tuple(unique), is_set=not is_certain, uniform=True)


def _compact(context: CallContext, collection: Value) -> Value:
    if not isinstance(collection, Items):
        return context.unknown(collection)
    kept: list[Value] = []
    is_whole = collection.remainder is None
    for item in items_of(collection).items:
        given = is_given(context, item)
        is_whole = is_whole and given is not None
        if given:
            kept.append(item)
    return Items(
        tuple(kept), None if is_whole else context.unknown(collection), context.span, uniform=True
    )


def _length(context: CallContext, value: Value) -> Value:
    if isinstance(value, Known):
        if not isinstance(value.value, str):
            raise EvaluationFault("'length' takes a list, a map or a string")
        return Known(len(graphemes(value.value)), context.span)
    # The unknown elements of a set may be equal.
    is_sure = isinstance(value, Items) and (
        not value.is_set or len(value.items) < 2 or wholly_known(value)
    )
    if isinstance(value, Items) and value.remainder is None and is_sure:
        return Known(len(items_of(value).items), context.span)
    if isinstance(value, Entries) and value.remainder is None:
        return Known(len(value.entries), context.span)
    if isinstance(value, Items) and value.items:
        # It may well be at least one: no world of its own says that there is none.
        return replace(context.unknown(value), symbol=None)
    if is_filled(value):
        return replace(context.unknown(value), shape=Shape.POSITIVE)
    return context.unknown(value)


def _reverse(context: CallContext, collection: Value) -> Value:
    if is_hidden(collection):
        return context.unknown(collection)
    items = items_of(collection)
    if items.remainder is not None:
        return Items(items.items, context.unknown(collection), context.span)
    if is_open(items):
        return replace(items, span=context.span)
    return replace(
        items, items=items.items[::-1], is_set=False, uniform=items.uniform or items.is_set
    )


def _slice(context: CallContext, collection: Value, start: Value, end: Value) -> Value:
    if not isinstance(collection, Items):
        if not is_hidden(collection):
            raise EvaluationFault("'slice' takes a list")
        return context.unknown(collection, start, end)
    if is_open(collection) or not isinstance(start, Known) or not isinstance(end, Known):
        return context.unknown(collection, start, end)
    begin, stop = whole_number(start), whole_number(end)
    if collection.is_set or not 0 <= begin <= stop <= len(collection.items):
        raise EvaluationFault("the bounds of 'slice' lie outside the list")
    return replace(collection, items=collection.items[begin:stop])


def _sort(context: CallContext, collection: Value) -> Value:
    if not isinstance(collection, Items):
        return context.unknown(collection)
    if Known(None) in collection.items:
        raise EvaluationFault("'sort' does not take null")
    if not wholly_known(collection):
        # The elements are these, in whatever order.
        return replace(collection, is_set=True)
    ordered = sorted(collection.items, key=lambda item: literal(item) or "")
    return replace(collection, items=tuple(ordered))


def _chunklist(context: CallContext, collection: Value, size: Value) -> Value:
    if not isinstance(collection, Items) or is_open(collection) or not isinstance(size, Known):
        return context.unknown(collection, size)
    count = whole_number(size)
    if count < 0:
        raise EvaluationFault("the size of a chunk is negative")
    items, step = collection.items, count or max(len(collection.items), 1)
    return Items(
        tuple(
            replace(collection, items=items[at : at + step]) for at in range(0, len(items), step)
        ),
        span=context.span,
        uniform=True,
    )


def _matchkeys(context: CallContext, values: Value, keys: Value, wanted: Value) -> Value:
    if not (
        isinstance(values, Items)
        and isinstance(keys, Items)
        and isinstance(wanted, Items)
        and not is_open(values)
        and not is_open(keys)
    ):
        return context.unknown(values, keys, wanted)
    if len(values.items) != len(keys.items):
        raise EvaluationFault("'matchkeys' takes as many keys as values")
    kind = unify([type_of(item) for item in (*keys.items, *wanted.items)])
    if kind is None:
        raise EvaluationFault("the keys of 'matchkeys' have different types")
    search = [coerce(item, kind) for item in wanted.items]
    kept: list[Value] = []
    for value, key in zip(values.items, keys.items, strict=True):
        charge(len(search))
        wanted_key = coerce(key, kind)
        answers = [equal(wanted_key, item) for item in search]
        if True in answers:
            kept.append(value)
        elif None in answers or wanted.remainder is not None:
            return context.unknown(values, keys, wanted)
    return replace(values, items=tuple(kept), span=context.span)


def _range(*numbers: int | float) -> list[int | float]:
    if not 1 <= len(numbers) <= 3:
        raise EvaluationFault("'range' takes one to three numbers")
    exact = [each if isinstance(each, int) else numeric.exact(each) for each in numbers]
    start, limit = (0, exact[0]) if len(exact) == 1 else (exact[0], exact[1])
    step = exact[2] if len(exact) == 3 else 1 if start <= limit else -1
    if step == 0 or (start != limit and (step > 0) != (start < limit)):
        raise EvaluationFault("the step of 'range' leads away from its end")
    found: list[int | float] = []
    while start < limit if step > 0 else start > limit:
        if len(found) >= _MAX_RANGE:
            raise EvaluationFault(f"'range' gives at most {_MAX_RANGE} numbers")
        found.append(number(start))
        start += step
    return found


def _sum(context: CallContext, collection: Value) -> Value:
    if is_hidden(collection):
        return context.unknown(collection)
    items = items_of(collection)
    if not items.items and items.remainder is None:
        raise EvaluationFault("'sum' takes a list that is not empty")
    if Known(None) in items.items:
        raise EvaluationFault("'sum' does not take null")
    numbers = [coerce(item, NUMBER) for item in items.items]
    if is_open(items) or not all(isinstance(each, Known) for each in numbers):
        return context.unknown(collection)
    return Known(number(sum(map(numeric.exact_of, numbers), Fraction(0))), context.span)


def _every(decisive: bool) -> Callable[[CallContext, Value], Value]:
    """``alltrue`` (false decides) and ``anytrue`` (true decides); null counts as false."""

    def every(context: CallContext, collection: Value) -> Value:
        if not isinstance(collection, Items):
            return context.unknown(collection)
        truths = [
            item.value is True if isinstance(item, Known) else None for item in collection.items
        ]
        if decisive in truths:
            return Known(decisive, context.span)
        if collection.remainder is not None or None in truths:
            return context.unknown(collection)
        return Known(not decisive, context.span)

    return every


def _list(context: CallContext, *items: Value) -> Value:
    """What Terraform 0.11 had in place of brackets; old code in use still has it."""
    return coerce(Items(items, span=context.span), list_of(ANY))


FUNCTIONS = {
    "alltrue": symbolic(_every(False), list_of(BOOL)),
    "anytrue": symbolic(_every(True), list_of(BOOL)),
    "chunklist": symbolic(_chunklist, list_of(ANY), NUMBER),
    "compact": symbolic(_compact, list_of(STRING)),
    "concat": symbolic(_concat, variadic=ANY),
    "distinct": symbolic(_distinct, list_of(ANY)),
    "flatten": symbolic(_flatten, ANY),
    "length": symbolic(_length, ANY),
    "list": symbolic(_list, variadic=ANY, takes_null=True),
    "matchkeys": symbolic(_matchkeys, list_of(ANY), list_of(ANY), list_of(ANY)),
    "range": plain(_range, variadic=NUMBER),
    "reverse": symbolic(_reverse, ANY),
    "slice": symbolic(_slice, ANY, NUMBER, NUMBER),
    "sort": symbolic(_sort, list_of(STRING)),
    "sum": symbolic(_sum, ANY),
}
