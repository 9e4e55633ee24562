"""Collection functions that choose one of several values, or ask whether there is one."""

from __future__ import annotations

from ....symbolic.values import Entries, Items, Known, Value, literal
from ..access import one_of
from ..coerce import coerce
from ..comparison import equal, wholly_known
from ..faults import EvaluationFault
from ..value_types import ANY, NUMBER, PRIMITIVES, STRING, type_of, unify
from .base import CallContext, symbolic, whole_number
from .elements import among, is_given, is_hidden, is_open, items_of


def _coalesce(context: CallContext, *values: Value) -> Value:
    """The first that is neither null nor an empty string."""
    types = [type_of(value) for value in values if value != Known(None)]
    # A null without a type leaves lists and objects as they are.
    is_free = len(types) < len(values) and any(kind not in PRIMITIVES for kind in types)
    kind = ANY if is_free else unify(types)
    if kind is None:
        raise EvaluationFault("the arguments of 'coalesce' have different types")
    for value in values:
        if value == Known(None):
            continue
        taken = coerce(value, kind)
        given = is_given(context, taken)
        if given is None:
            return context.unknown(*values)
        if given:
            return taken
    raise EvaluationFault("no argument of 'coalesce' is given")


def _coalescelist(context: CallContext, *lists: Value) -> Value:
    for each in lists:
        if not is_hidden(each) and items_of(each).is_set and wholly_known(each):
            raise EvaluationFault("'coalescelist' takes no sets")
    for each in lists:
        if isinstance(each, Items) and each.items:
            return each
        if not isinstance(each, Items) or each.remainder is not None:
            return context.unknown(*lists)
    raise EvaluationFault("no list of 'coalescelist' has elements")


def _one(context: CallContext, collection: Value) -> Value:
    if is_hidden(collection):
        return context.unknown(collection)
    items = items_of(collection)
    if items.remainder is not None:
        return context.unknown(collection)
    if len(items.items) > 1:
        raise EvaluationFault("'one' takes a list of at most one element")
    return items.items[0] if items.items else Known(None, collection.span)


def _element(context: CallContext, collection: Value, index: Value) -> Value:
    if not is_hidden(collection):
        items_of(collection)
    unknown = context.unknown(collection, index)
    if not isinstance(collection, Items) or is_open(collection):
        return unknown
    if not isinstance(index, Known):
        return one_of(collection.items, unknown, context.scope)
    position, length = whole_number(index), len(collection.items)
    if collection.is_set or not length:
        raise EvaluationFault("'element' takes a list that is not empty")
    # A list is counted from its end, a tuple is not.
    if position < 0 and position % length and not collection.uniform:
        raise EvaluationFault("'element' takes no negative index")
    return collection.items[position % length]


def _lookup(context: CallContext, collection: Value, key: Value, *default: Value) -> Value:
    if not isinstance(collection, Entries):
        if not is_hidden(collection):
            raise EvaluationFault("'lookup' takes a map")
        return context.unknown(collection, key, *default)
    if collection.uniform and default:
        default = (coerce(default[0], type_of(collection).element),)
    name = literal(key)
    if name is None:
        members = dict(collection.entries)
        position = among(context, key, [Known(each) for each in members])
        if position is None or collection.remainder is not None:
            unknown = context.unknown(collection, key, *default)
            found = () if collection.remainder is not None else (*members.values(), *default)
            return one_of(found, unknown, context.scope)
        name = list(members)[position] if position >= 0 else ""
    if name in collection:
        return collection.get(name)
    if collection.remainder is not None:
        return context.unknown(collection, key, *default)
    if not default:
        raise EvaluationFault(f"the map has no element '{name}'")
    return default[0]


def _contains(context: CallContext, collection: Value, value: Value) -> Value:
    if is_hidden(collection):
        return context.unknown(collection, value)
    items = items_of(collection)
    answers = [equal(item, value) for item in items.items]
    if True in answers:
        return Known(True, context.span)
    if items.remainder is not None:
        return context.unknown(collection, value)
    if None not in answers:
        return Known(False, context.span)
    position = among(context, value, list(items.items))
    if position is None:
        return context.unknown(collection, value)
    return Known(position >= 0, context.span)


def _index(context: CallContext, collection: Value, value: Value) -> Value:
    if is_hidden(collection) or is_open(items_of(collection)):
        return context.unknown(collection, value)
    for position, item in enumerate(items_of(collection).items):
        same = equal(item, value)
        if same is None:
            return context.unknown(collection, value)
        if same:
            return Known(position, context.span)
    raise EvaluationFault("the list does not have that element")


FUNCTIONS = {
    "coalesce": symbolic(_coalesce, variadic=ANY, takes_null=True, keeps_references=True),
    "coalescelist": symbolic(_coalescelist, variadic=ANY),
    "contains": symbolic(_contains, ANY, ANY),
    "element": symbolic(_element, ANY, NUMBER),
    "index": symbolic(_index, ANY, ANY),
    "lookup": symbolic(_lookup, ANY, STRING, variadic=ANY, most=3, takes_null=True),
    "one": symbolic(_one, ANY),
}
