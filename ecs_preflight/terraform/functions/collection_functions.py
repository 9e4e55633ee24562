"""Collection functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from ...source import Span
from ...values import Entries, Items, Known, Reference, Text, Unknown, Value, first, literal
from .. import numeric
from ..coerce import coerce
from ..comparison import as_set, equal, wholly_known
from ..faults import Fault, Undecided, beyond_limits
from ..holes import least_length, parts_of
from ..kinds import ANY, BOOL, NUMBER, PRIMITIVES, STRING, Type, list_of, map_of, set_of, type_of, unify
from .base import MAX_ITEMS, CallContext, number, plain, symbolic, whole_number
from .graphemes import graphemes

_LIST, _SET, _MAP = list_of(ANY), set_of(ANY), map_of(ANY)
#: What Terraform itself allows of ``range``.
_MAX_RANGE = 1_024


def _is_open(value: Value) -> bool:
    """Is it not known how many elements there are, or in which order?"""
    if isinstance(value, Items):
        return value.rest is not None or (value.is_set and not wholly_known(value))
    return not isinstance(value, Entries) or value.rest is not None


def _items(value: Value, what: str = "a list") -> Items:
    """A list, set or tuple; a set in its order. Raises Fault."""
    if not isinstance(value, Items):
        raise Fault(f"{what} is required")
    return as_set(value) if value.is_set else value


def _is_hidden(value: Value) -> bool:
    """Is it not even known what kind of value it is?"""
    return isinstance(value, Unknown) or (isinstance(value, Reference) and value.text is None)


def _sorted_entries(value: Value) -> list[tuple[str, Value]]:
    if not isinstance(value, Entries):
        raise Fault("a map or object is required")
    return sorted(value.entries, key=lambda pair: pair[0])


# -- choosing --------------------------------------------------------------------------------------

def _coalesce(context: CallContext, *values: Value) -> Value:
    """The first that is neither null nor an empty string."""
    if not values:
        raise Fault("'coalesce' needs arguments")
    types = [type_of(value) for value in values if value != Known(None)]
    # A null without a type leaves lists and objects as they are.
    is_free = len(types) < len(values) and any(kind not in PRIMITIVES for kind in types)
    kind = ANY if is_free else unify(types)
    if kind is None:
        raise Fault("the arguments of 'coalesce' have different types")
    for value in values:
        if value == Known(None):
            continue
        taken = coerce(value, kind)
        if isinstance(taken, Unknown):
            present = _is_present(context, taken)
            if present is None:
                return context.unknown(*values)
            if not present:
                continue
            return taken
        if isinstance(taken, Text) and least_length(parts_of(taken) or ()) == 0:
            return context.unknown(*values)
        if taken != Known(""):
            return taken
    raise Fault("no argument of 'coalesce' is given")


def _is_present(context: CallContext, unknown: Unknown) -> bool | None:
    """Is it neither null nor empty? As the world has it."""
    inquiry = context.scope.inquiry
    is_null, is_empty = inquiry.equals(unknown, None), inquiry.equals(unknown, "")
    if is_null or is_empty:
        return False
    return None if is_null is None or is_empty is None else True


def _coalescelist(context: CallContext, *lists: Value) -> Value:
    for each in lists:
        if _is_hidden(each):
            return context.unknown(*lists)
        items = _items(each)
        if items.items:
            return each
        if items.rest is not None:
            return context.unknown(*lists)
    raise Fault("no list of 'coalescelist' has elements")


def _one(context: CallContext, collection: Value) -> Value:
    if _is_hidden(collection):
        return context.unknown(collection)
    items = _items(collection)
    if items.rest is not None:
        return context.unknown(collection)
    if len(items.items) > 1:
        raise Fault("'one' takes a list of at most one element")
    return items.items[0] if items.items else Known(None, collection.span)


def _element(context: CallContext, collection: Value, index: Value) -> Value:
    if isinstance(collection, Items) and not _is_open(collection) and isinstance(index, Known):
        position = whole_number(index.value)  # type: ignore[arg-type]
        if collection.is_set or position < 0 or not collection.items:
            raise Fault("'element' takes a list that is not empty and an index that is not negative")
        return collection.items[position % len(collection.items)]
    if not _is_hidden(collection):
        _items(collection)
    return context.unknown(collection, index)


def _lookup(context: CallContext, collection: Value, key: Value, *default: Value) -> Value:
    if not isinstance(collection, Entries):
        if not _is_hidden(collection):
            raise Fault("'lookup' takes a map")
        return context.unknown(collection, key, *default)
    if collection.uniform and default and default[0] != Known(None):
        default = (coerce(default[0], type_of(collection).element),)
    name = literal(key)
    if name is None:
        return _some_entry(context, collection, key, default)
    if name in collection:
        return collection.get(name)
    if collection.rest is not None:
        return context.unknown(collection, key, *default)
    if not default:
        raise Fault(f"the map has no element '{name}'")
    return default[0]


def _some_entry(context: CallContext, collection: Entries, key: Value, default: tuple[Value, ...]) -> Value:
    """The entry under a key that is not known: whichever the world says, if it does."""
    if isinstance(key, Unknown) and collection.rest is None and len(collection.entries) <= 8:
        answers = []
        for name, value in collection.entries:
            answers.append(context.scope.inquiry.equals(key, name))
            if answers[-1]:
                return value
        if default and all(answer is False for answer in answers):
            return default[0]
    return context.unknown(collection, key, *default)


def _merge(context: CallContext, *maps: Value) -> Value:
    entries: dict[str, Value] = {}
    spans: dict[str, Span] = {}
    rest: Unknown | None = None
    for each in maps:
        if each == Known(None):
            continue
        if isinstance(each, Entries):
            found, unknown = each.entries, each.rest
            spans.update(each.key_spans)
        elif _is_hidden(each):
            found, unknown = (), context.unknown(*maps)
            unknown = replace(unknown, symbol=getattr(each, "symbol", ""))
        else:
            raise Fault("'merge' takes maps and objects")
        if unknown is not None:
            rest = first(rest, unknown)
            why = replace(unknown, symbol="")
            entries = {key: replace(why, span=value.span) for key, value in entries.items()}
        entries.update(found)
    uniform = bool(maps) and all(isinstance(each, Entries) and each.uniform for each in maps)
    same = uniform and len({type_of(each) for each in maps}) == 1
    return Entries(tuple(sorted(entries.items())), rest, context.span,
                   tuple((key, span) for key, span in spans.items() if key in entries), uniform=same)


# -- lists -----------------------------------------------------------------------------------------

def _concat(context: CallContext, *lists: Value) -> Value:
    if not lists:
        raise Fault("'concat' needs arguments")
    items: list[Value] = []
    rest: Unknown | None = None
    for each in lists:
        if isinstance(each, Items) and (not each.is_set or _is_open(each)):
            items.extend(each.items)
            rest = first(rest, each.rest)
        elif _is_hidden(each):
            rest = first(rest, replace(context.unknown(each), symbol=getattr(each, "symbol", "")))
        else:
            raise Fault("'concat' takes lists")
    uniform = rest is None and all(isinstance(each, Items) and each.uniform for each in lists)
    kind = unify([type_of(each) for each in lists]) if uniform else None
    whole = Items(tuple(items), rest, context.span, uniform=kind is not None)
    return coerce(whole, kind) if kind is not None else whole


def _flatten(context: CallContext, collection: Value) -> Value:
    if _is_hidden(collection):
        return Items((), context.unknown(collection), context.span)
    items: list[Value] = []
    rests: list[Unknown] = []
    _add_flat(context, _items(collection), items, rests, 0)
    return Items(tuple(items), rests[0] if rests else None, context.span)


def _add_flat(context: CallContext, collection: Items, items: list[Value], rests: list[Unknown],
              depth: int) -> None:
    if depth > 100 or len(items) > MAX_ITEMS:
        raise beyond_limits("a list")
    if collection.rest is not None:
        rests.append(collection.rest)
    for item in collection.items:
        if isinstance(item, Items):
            _add_flat(context, as_set(item) if item.is_set else item, items, rests, depth + 1)
        elif isinstance(item, Unknown):
            # It may be a list itself.
            rests.append(item)
        else:
            items.append(item)


def _distinct(context: CallContext, collection: Value) -> Value:
    if not isinstance(collection, Items):
        return context.unknown(collection)
    unique: list[Value] = []
    doubt: Unknown | None = None
    seen: set[Value] = set()
    for item in collection.items:
        if item in seen or any(equal(item, other) for other in unique if not isinstance(item, Known)):
            continue
        if any(equal(item, other) is None for other in unique):
            # It may be gone as a duplicate; what is listed is there at least once.
            doubt = first(doubt, context.unknown(collection))
        if isinstance(item, Known):
            seen.add(item)
        unique.append(item)
    if doubt is not None and collection.rest is None:
        return Items(tuple(unique), None, collection.span, is_set=True)
    return replace(collection, items=tuple(unique), uniform=True)


def _compact(context: CallContext, collection: Value) -> Value:
    if not isinstance(collection, Items):
        return context.unknown(collection)
    kept: list[Value] = []
    rest = collection.rest
    for item in _items(collection).items:
        if item in (Known(None), Known("")):
            continue
        if isinstance(item, Unknown):
            present = _is_present(context, item)
            if present is None:
                rest = first(rest, replace(item, symbol=""))
            if not present:
                continue
        if isinstance(item, Text) and least_length(parts_of(item) or ()) == 0:
            rest = first(rest, context.unknown(item))
            continue
        kept.append(item)
    return replace(collection, items=tuple(kept), rest=rest, is_set=False, uniform=True)


def _contains(context: CallContext, collection: Value, value: Value) -> Value:
    if _is_hidden(collection):
        return context.unknown(collection, value)
    items = _items(collection)
    answers = [equal(item, value) for item in items.items]
    if True in answers:
        return Known(True, context.span)
    if items.rest is None and None not in answers:
        return Known(False, context.span)
    if isinstance(value, Unknown) and items.rest is None:
        sides = [context.scope.inquiry.equals(value, item.value) for item in items.items
                 if isinstance(item, Known)]
        if True in sides:
            return Known(True, context.span)
        if len(sides) == len(items.items) and None not in sides:
            return Known(False, context.span)
    return context.unknown(collection, value)


def _index(context: CallContext, collection: Value, value: Value) -> Value:
    if _is_hidden(collection):
        return context.unknown(collection, value)
    items = _items(collection)
    if not _is_open(items):
        for position, item in enumerate(items.items):
            same = equal(item, value)
            if same:
                return Known(position, context.span)
            if same is None:
                return context.unknown(collection, value)
        raise Fault("the list does not have that element")
    return context.unknown(collection, value)


def _length(context: CallContext, value: Value) -> Value:
    if isinstance(value, Known) and isinstance(value.value, str):
        return Known(len(graphemes(value.value)), context.span)
    if isinstance(value, (Items, Entries)):
        may_shrink = isinstance(value, Items) and value.is_set and len(value.items) > 1
        if value.rest is None and not (may_shrink and not wholly_known(value)):
            size = value.items if isinstance(value, Items) else value.entries
            return Known(len(size), context.span)
        return context.unknown(value)
    if isinstance(value, Known):
        raise Fault("'length' takes a list, a map or a string")
    return context.unknown(value)


def _reverse(context: CallContext, collection: Value) -> Value:
    if _is_hidden(collection):
        return context.unknown(collection)
    items = _items(collection)
    if _is_open(items) and items.rest is None:
        return replace(items, span=context.span)
    return replace(items, items=items.items[::-1], is_set=False, uniform=items.uniform or items.is_set)


def _slice(context: CallContext, collection: Value, start: Value, end: Value) -> Value:
    if not isinstance(collection, Items):
        if not _is_hidden(collection):
            raise Fault("'slice' takes a list")
    elif isinstance(start, Known) and isinstance(end, Known) and not _is_open(collection):
        begin, stop = (whole_number(at.value) for at in (start, end))  # type: ignore[arg-type]
        if collection.is_set or not 0 <= begin <= stop <= len(collection.items):
            raise Fault("the bounds of 'slice' lie outside the list")
        return replace(collection, items=collection.items[begin:stop])
    return context.unknown(collection, start, end)


def _sort(context: CallContext, collection: Value) -> Value:
    if not isinstance(collection, Items):
        return context.unknown(collection)
    if Known(None) in collection.items:
        raise Fault("'sort' does not take null")
    if not wholly_known(collection):
        # The elements are these, in whatever order.
        return replace(collection, is_set=True)
    return replace(collection, items=tuple(sorted(collection.items, key=lambda item: str(literal(item)))))


def _chunklist(context: CallContext, collection: Value, size: Value) -> Value:
    if not isinstance(collection, Items) or not isinstance(size, Known) or _is_open(collection):
        return context.unknown(collection, size)
    count = whole_number(size.value)  # type: ignore[arg-type]
    if count < 0:
        raise Fault("the size of a chunk is negative")
    items, step = collection.items, count or max(len(collection.items), 1)
    return Items(tuple(replace(collection, items=items[at:at + step]) for at in range(0, len(items), step)),
                 span=context.span, uniform=True)


def _matchkeys(context: CallContext, values: Value, keys: Value, wanted: Value) -> Value:
    if not (isinstance(values, Items) and isinstance(keys, Items) and isinstance(wanted, Items)):
        return context.unknown(values, keys, wanted)
    if _is_open(values) or _is_open(keys):
        return context.unknown(values, keys, wanted)
    if len(values.items) != len(keys.items):
        raise Fault("'matchkeys' takes as many keys as values")
    kind = unify([type_of(item) for item in (*keys.items, *wanted.items)])
    if kind is None:
        raise Fault("the keys of 'matchkeys' have different types")
    search = [coerce(item, kind) for item in wanted.items]
    kept: list[Value] = []
    for value, key in zip(values.items, keys.items):
        answers = [equal(coerce(key, kind), item) for item in search]
        if True in answers:
            kept.append(value)
        elif None in answers or wanted.rest is not None:
            return context.unknown(values, keys, wanted)
    return replace(values, items=tuple(kept), span=context.span)


def _range(*numbers: int | float) -> list[int | float]:
    if not 1 <= len(numbers) <= 3:
        raise Fault("'range' takes one to three numbers")
    exact = [numeric.exact(each) for each in numbers]
    start, limit = (Fraction(0), exact[0]) if len(exact) == 1 else (exact[0], exact[1])
    step = exact[2] if len(exact) == 3 else Fraction(1 if start <= limit else -1)
    if step == 0 or (step > 0) != (start <= limit) and start != limit:
        raise Fault("the step of 'range' leads away from its end")
    found: list[int | float] = []
    while start < limit if step > 0 else start > limit:
        if len(found) >= _MAX_RANGE:
            raise Fault(f"'range' gives at most {_MAX_RANGE} numbers")
        found.append(number(start))
        start += step
    return found


# -- maps ------------------------------------------------------------------------------------------

def _keys(context: CallContext, collection: Value) -> Value:
    if _is_hidden(collection):
        return context.unknown(collection)
    entries = _sorted_entries(collection)
    assert isinstance(collection, Entries)
    return Items(tuple(Known(key, collection.key_span(key)) for key, _ in entries), collection.rest,
                 context.span, uniform=collection.uniform)


def _values(context: CallContext, collection: Value) -> Value:
    if isinstance(collection, Reference) and collection.attribute == "":
        collection = context.scope.whole(collection, context.span)
    if isinstance(collection, Reference) and collection.attribute == "*":
        key = Unknown("the key of an instance is not known", span=context.span)
        rest = Unknown(f"the instances of '{collection.address}' are not known", collection.address,
                       span=context.span)
        return Items((context.scope.element(collection, key, context.span),), rest, context.span)
    if _is_hidden(collection):
        return context.unknown(collection)
    entries = _sorted_entries(collection)
    assert isinstance(collection, Entries)
    return Items(tuple(value for _, value in entries), collection.rest, context.span,
                 uniform=collection.uniform)


def _zipmap(context: CallContext, keys: Value, values: Value) -> Value:
    if not isinstance(keys, Items) or not isinstance(values, Items):
        return context.unknown(keys, values)
    if _is_open(keys) or _is_open(values):
        return context.unknown(keys, values)
    if len(keys.items) != len(values.items):
        raise Fault("'zipmap' takes as many keys as values")
    entries: dict[str, Value] = {}
    rest: Unknown | None = None
    for key, value in zip(keys.items, values.items):
        name = literal(key)
        if key == Known(None):
            raise Fault("a key is null")
        if name is None:
            rest = first(rest, context.unknown(key))
        else:
            entries[name] = value
    return Entries(tuple(sorted(entries.items())), rest, context.span, uniform=values.uniform)


def _transpose(lists: dict[str, list[str]]) -> dict[str, list[str]]:
    turned: dict[str, list[str]] = {}
    for key, values in lists.items():
        for value in values:
            if value is None:
                raise Fault("'transpose' does not take null")
            turned.setdefault(value, []).append(key)
    return {key: sorted(values) for key, values in turned.items()}


# -- sets ------------------------------------------------------------------------------------------

def _set_function(combine: Callable[[Sequence[Items]], list[Value]], grows: bool) -> Callable[..., Value]:
    def combined(context: CallContext, *sets: Value) -> Value:
        if not all(isinstance(each, Items) and wholly_known(each) for each in sets):
            if grows and all(isinstance(each, Items) for each in sets):
                members = [item for each in sets if isinstance(each, Items) for item in each.items]
                rest = first(*(each.rest for each in sets if isinstance(each, Items)))
                return as_set(Items(tuple(members), rest, context.span))
            return context.unknown(*sets)
        kind = unify([type_of(item) for each in sets if isinstance(each, Items) for item in each.items])
        if kind is None:
            raise Fault("the sets have elements of different types")
        converted = [coerce(each, set_of(kind)) for each in sets]
        known = [each for each in converted if isinstance(each, Items)]
        return as_set(Items(tuple(combine(known)), span=context.span))

    return combined


def _union(sets: Sequence[Items]) -> list[Value]:
    return [item for each in sets for item in each.items]


def _intersection(sets: Sequence[Items]) -> list[Value]:
    return [item for item in sets[0].items if all(item in each.items for each in sets[1:])]


def _difference(sets: Sequence[Items]) -> list[Value]:
    return [item for item in sets[0].items if item not in sets[1].items]


def _setproduct(context: CallContext, *sets: Value) -> Value:
    if len(sets) < 2:
        raise Fault("'setproduct' needs at least two sets")
    if any(_is_hidden(each) or _is_open(each) for each in sets):
        return context.unknown(*sets)
    lists = [_items(each) for each in sets]
    total = 1
    for each in lists:
        total *= len(each.items)
        if total * len(lists) > MAX_ITEMS:
            raise beyond_limits("a list")
    rows: list[tuple[Value, ...]] = [()]
    for each in lists:
        converted = coerce(each, Type("set" if each.is_set else "list", (ANY,)))
        assert isinstance(converted, Items)
        rows = [(*row, item) for row in rows for item in converted.items]
    members = tuple(Items(row, span=context.span) for row in rows)
    if all(each.is_set for each in lists):
        return as_set(Items(members, span=context.span))
    return Items(members, span=context.span, uniform=True)


# -- summing up ------------------------------------------------------------------------------------

def _sum(context: CallContext, collection: Value) -> Value:
    if _is_hidden(collection):
        return context.unknown(collection)
    items = _items(collection)
    if not items.items and items.rest is None:
        raise Fault("'sum' takes a list that is not empty")
    if Known(None) in items.items:
        raise Fault("'sum' does not take null")
    numbers = [coerce(item, NUMBER) for item in items.items]
    if items.rest is not None or not all(isinstance(each, Known) for each in numbers):
        return context.unknown(collection)
    return Known(number(sum((numeric.exact(each.value) for each in numbers  # type: ignore[arg-type]
                             if isinstance(each, Known)), Fraction(0))), context.span)


def _every(decisive: bool) -> Callable[[CallContext, Value], Value]:
    """``alltrue`` (false decides) and ``anytrue`` (true decides); null counts as false."""
    def every(context: CallContext, collection: Value) -> Value:
        if not isinstance(collection, Items):
            return context.unknown(collection)
        truths = [False if item == Known(None) else item.value if isinstance(item, Known) else None
                  for item in collection.items]
        if decisive in truths:
            return Known(decisive, context.span)
        if collection.rest is not None or None in truths:
            return context.unknown(collection)
        return Known(not decisive, context.span)

    return every


FUNCTIONS = {
    "alltrue": symbolic(_every(False), list_of(BOOL)),
    "anytrue": symbolic(_every(True), list_of(BOOL)),
    "chunklist": symbolic(_chunklist, _LIST, NUMBER),
    "coalesce": symbolic(_coalesce, variadic=ANY, takes_null=True, keeps_references=True),
    "coalescelist": symbolic(_coalescelist, variadic=ANY),
    "compact": symbolic(_compact, list_of(STRING)),
    "concat": symbolic(_concat, variadic=ANY),
    "contains": symbolic(_contains, ANY, ANY),
    "distinct": symbolic(_distinct, _LIST),
    "element": symbolic(_element, ANY, NUMBER),
    "flatten": symbolic(_flatten, ANY),
    "index": symbolic(_index, ANY, ANY),
    "keys": symbolic(_keys, ANY),
    "length": symbolic(_length, ANY),
    "lookup": symbolic(_lookup, ANY, STRING, variadic=ANY, most=3, takes_null=True),
    "matchkeys": symbolic(_matchkeys, _LIST, _LIST, _LIST),
    "merge": symbolic(_merge, variadic=ANY, takes_null=True),
    "one": symbolic(_one, ANY),
    "range": plain(_range, variadic=NUMBER),
    "reverse": symbolic(_reverse, ANY),
    "setintersection": symbolic(_set_function(_intersection, False), _SET, variadic=_SET),
    "setproduct": symbolic(_setproduct, variadic=ANY),
    "setsubtract": symbolic(_set_function(_difference, False), _SET, _SET),
    "setunion": symbolic(_set_function(_union, True), _SET, variadic=_SET),
    "slice": symbolic(_slice, ANY, NUMBER, NUMBER),
    "sort": symbolic(_sort, list_of(STRING)),
    "sum": symbolic(_sum, ANY),
    "transpose": plain(_transpose, map_of(list_of(STRING))),
    "values": symbolic(_values, ANY, keeps_references=True),
    "zipmap": symbolic(_zipmap, list_of(STRING), ANY),
}
