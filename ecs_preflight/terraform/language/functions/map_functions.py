"""Collection functions that make maps, or lists of maps."""

from __future__ import annotations

from ....symbolic.records import replace
from ....symbolic.source import Span
from ....symbolic.terms import Name
from ....symbolic.values import Entries, Items, Known, Reference, Unknown, Value, first, literal
from ..coerce import coerce
from ..faults import EvaluationFault
from ..value_types import ANY, STRING, list_of, map_of, type_of
from .base import CallContext, plain, symbolic
from .elements import is_hidden, is_open, sorted_entries


def _merge(context: CallContext, *maps: Value) -> Value:
    """Of a key in several maps the last one counts, so what stands before an unknown map may be
    replaced."""
    entries: dict[str, Value] = {}
    spans: dict[str, Span] = {}
    remainder: Unknown | None = None
    for each in maps:
        if each == Known(None):
            continue
        if not isinstance(each, Entries) and not is_hidden(each):
            raise EvaluationFault("'merge' takes maps and objects")
        if not isinstance(each, Entries) or each.remainder is not None:
            remainder = context.unknown(*maps) if remainder is None else remainder
            hidden = replace(context.unknown(each), symbol=None)
            entries = {key: replace(hidden, span=value.span) for key, value in entries.items()}
        if isinstance(each, Entries):
            entries.update(each.entries)
            spans.update(each.key_spans)
    types = {type_of(each) for each in maps}
    is_map = len(types) == 1 and all(isinstance(each, Entries) and each.uniform for each in maps)
    return Entries(
        tuple(sorted(entries.items())),
        remainder,
        context.span,
        tuple(spans.items()),
        uniform=is_map,
    )


def _keys(context: CallContext, collection: Value) -> Value:
    if is_hidden(collection):
        return context.unknown(collection)
    entries = sorted_entries(collection)
    assert isinstance(collection, Entries)
    spans = dict(collection.key_spans)
    keys = tuple(Known(key, spans.get(key, value.span)) for key, value in entries)
    remainder = None if collection.remainder is None else context.unknown(collection)
    return Items(keys, remainder, context.span, uniform=collection.uniform)


def _values(context: CallContext, collection: Value) -> Value:
    if isinstance(collection, Reference) and collection.attribute == "*":
        key = Unknown("the key of an instance is not known", span=context.span)
        remainder = Unknown(
            f"the instances of '{collection.address}' are not known",
            Name(collection.address),
            span=context.span,
        )
        element = context.scope.element(collection, key, context.span)
        return Items((element,), remainder, context.span)
    if isinstance(collection, Reference) and collection.attribute == "":
        collection = context.scope.whole(collection, context.span)
    if is_hidden(collection):
        return context.unknown(collection)
    entries = sorted_entries(collection)
    assert isinstance(collection, Entries)
    more = None if collection.remainder is None else context.unknown(collection)
    return Items(
        tuple(value for _, value in entries), more, context.span, uniform=collection.uniform
    )


def _zipmap(context: CallContext, keys: Value, values: Value) -> Value:
    if not isinstance(keys, Items) or is_open(keys):
        return context.unknown(keys, values)
    if not isinstance(values, Items) or is_open(values):
        return context.unknown(keys, values)
    if len(keys.items) != len(values.items):
        raise EvaluationFault("'zipmap' takes as many keys as values")
    entries: dict[str, Value] = {}
    remainder: Unknown | None = None
    for key, value in zip(keys.items, values.items, strict=True):
        name = literal(key)
        if key == Known(None):
            raise EvaluationFault("a key is null")
        if name is None:
            remainder = first(remainder, context.unknown(keys, values))
            entries = {
                known: replace(context.unknown(key), symbol=None, span=old.span)
                for known, old in entries.items()
            }
        else:
            entries[name] = value
    return Entries(tuple(sorted(entries.items())), remainder, context.span, uniform=values.uniform)


def _transpose(lists: dict[str, list[str | None]]) -> dict[str, list[str]]:
    turned: dict[str, list[str]] = {}
    for key, values in lists.items():
        for value in values:
            if value is None:
                raise EvaluationFault("'transpose' does not take null")
            turned.setdefault(value, []).append(key)
    return {key: sorted(values) for key, values in turned.items()}


def _map(context: CallContext, *pairs: Value) -> Value:
    """What Terraform 0.11 had in place of braces; old code in use still has it."""
    keys, values = pairs[::2], pairs[1::2]
    if len(keys) != len(values):
        raise EvaluationFault("'map' takes keys and values in turn")
    names, members = Items(keys, span=context.span), Items(values, span=context.span)
    return coerce(_zipmap(context, coerce(names, list_of(STRING)), members), map_of(ANY))


FUNCTIONS = {
    "keys": symbolic(_keys, ANY),
    "map": symbolic(_map, variadic=ANY, takes_null=True),
    "merge": symbolic(_merge, variadic=ANY, takes_null=True),
    "transpose": plain(_transpose, map_of(list_of(STRING))),
    "values": symbolic(_values, ANY, keeps_references=True),
    "zipmap": symbolic(_zipmap, list_of(STRING), ANY),
}
