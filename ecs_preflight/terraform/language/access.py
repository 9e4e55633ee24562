"""Getting at parts of values: ``object.name``, ``collection[key]`` and what a splat runs over.

Source: the Terraform documentation, "References to Values" and "Splat Expressions".
"""

from __future__ import annotations

from collections.abc import Sequence

from ...symbolic.records import replace
from ...symbolic.source import Span
from ...symbolic.strings import parts_may_equal, parts_of
from ...symbolic.terms import Name, member, operation
from ...symbolic.values import Entries, Items, Known, Reference, Text, Unknown, Value, literal
from .coerce import coerce
from .comparison import as_set, wholly_known
from .faults import EvaluationFault
from .scope import ExpressionScope
from .symbols import cause, derived, symbol_of
from .value_types import NUMBER, STRING

#: An unknown key is compared with the keys of a map that has at most so many.
MAX_KEYS_TRIED = 8
#: Entries of a map that has at most so many are compared, to see what they share.
MAX_MERGED = 64


def attribute(whole: Value, name: str, scope: ExpressionScope, span: Span) -> Value:
    """``whole.name``. Raises Fault."""
    if isinstance(whole, Reference):
        if whole.attribute == "":
            return scope.attribute(whole, name, span)
        if whole.attribute == "*":
            return attribute(_any_element(whole, scope, span), name, scope, span)
        if whole.text is None:
            return Unknown(
                f"'{whole.symbol}.{name}' is known only after deployment",
                member(whole.symbol, name),
                span=span,
            )
    if isinstance(whole, Unknown):
        return replace(whole, symbol=member(whole.symbol, name), span=span)
    if isinstance(whole, Entries):
        return _entry(whole, name)
    raise EvaluationFault(
        "null has no attributes" if whole == Known(None) else f"the value has no attribute '{name}'"
    )


def element(
    collection: Value,
    key: Value,
    scope: ExpressionScope,
    span: Span,
    *,
    is_tried: bool = False,
    is_possible: bool = False,
) -> Value:
    """``collection[key]``. Raises Fault. Where it ``is_tried``, a key that is not known may be
    missing; where it ``is_possible``, the world may not get here."""
    if key == Known(None):
        raise EvaluationFault("the index is null")
    if isinstance(collection, Reference):
        if collection.attribute == "*":
            return scope.element(collection, key, span)
        if collection.attribute == "":
            name = literal(key)
            if name is not None:
                return attribute(collection, name, scope, span)
            collection = scope.whole(collection, span)
    if isinstance(collection, (Unknown, Reference)) and not (
        isinstance(collection, Reference) and collection.text is not None
    ):
        return derived("[]", collection, key, span=span)
    if isinstance(collection, Items):
        return _item(collection, key, scope, span, is_tried)
    if isinstance(collection, Entries):
        key = coerce(key, STRING)
        name = literal(key)
        if name is not None:
            return _entry(collection, name)
        if collection.remainder is not None or not collection.entries:
            return derived("[]", collection, key, span=span)
        asked = key if isinstance(key, Unknown) else replace(cause(key), symbol=symbol_of(key))
        if not (is_tried or is_possible):
            scope.path_condition.only(asked, dict(collection.entries))
        return _some_entry(collection, key, asked, scope, span, is_tried)
    raise EvaluationFault(
        "null has no elements" if collection == Known(None) else "the value has no elements"
    )


def _entry(whole: Entries, name: str) -> Value:
    if name in whole or whole.remainder is not None:
        return whole.get(name)
    raise EvaluationFault(f"there is no attribute or element '{name}'")


def _item(
    collection: Items, key: Value, scope: ExpressionScope, span: Span, is_tried: bool
) -> Value:
    key = coerce(key, NUMBER)
    is_open = collection.remainder is not None or (
        collection.is_set and not wholly_known(collection)
    )
    if collection.is_set and not is_open:
        raise EvaluationFault("a set has no indices")
    if isinstance(key, Known) and not is_open:
        if isinstance(key.value, int) and 0 <= key.value < len(collection.items):
            return collection.items[key.value]
        raise EvaluationFault(
            f"there is no element {symbol_of(key)} in a list of {len(collection.items)}"
        )
    unknown = derived("[]", collection, key, span=span)
    return unknown if is_open or is_tried else one_of(collection.items, unknown, scope)


def _some_entry(
    collection: Entries,
    key: Value,
    asked: Unknown,
    scope: ExpressionScope,
    span: Span,
    is_tried: bool,
) -> Value:
    """The entry under a key that is not known, unless the world says which key it is: one of the
    map's own, but where it ``is_tried``. ``asked`` is the key as worlds are asked for it."""
    parts = parts_of(key) or (asked,)
    found = [entry for entry in collection.entries if parts_may_equal(parts, entry[:1])]
    if len(found) <= MAX_KEYS_TRIED:
        for name, value in found:
            if scope.path_condition.equals(asked, name):
                return value
    unknown = derived("[]", collection, key, span=span)
    return unknown if is_tried else one_of([value for _, value in found], unknown, scope)


def one_of(values: Sequence[Value], unknown: Unknown, scope: ExpressionScope) -> Value:
    """What is known of a value that is one of these: what they share, attribute by attribute;
    ``unknown`` where that is nothing."""
    if not 0 < len(values) <= MAX_MERGED:
        return unknown
    values = [_opened(value, scope) for value in values]
    first, *others = values
    if wholly_known(first) and all(value == first for value in others):
        return first
    objects = [value for value in values if isinstance(value, Entries) and value.remainder is None]
    if objects and len(objects) == len(values):
        shared = [
            name for name, _ in objects[0].entries if all(name in value for value in objects[1:])
        ]
        members = (
            (
                name,
                one_of(
                    [value.get(name) for value in objects],
                    replace(unknown, symbol=member(unknown.symbol, name)),
                    scope,
                ),
            )
            for name in shared
        )
        is_whole = all(len(value.entries) == len(shared) for value in objects)
        return Entries(tuple(members), None if is_whole else unknown, unknown.span)
    if all(
        isinstance(value, Text) or (isinstance(value, Known) and isinstance(value.value, str))
        for value in values
    ):
        return Text((unknown,), unknown.span)  # a string, and thus not null
    return unknown


def _opened(value: Value, scope: ExpressionScope) -> Value:
    """A module with its outputs."""
    if isinstance(value, Reference) and value.attribute == "":
        whole = scope.whole(value, value.span)
        return whole if isinstance(whole, Entries) and whole.entries else value
    return value


def _any_element(collection: Reference, scope: ExpressionScope, span: Span) -> Value:
    key = Unknown("the key of an instance is not known", span=span)
    return scope.element(collection, key, span)


def splat_elements(source: Value, scope: ExpressionScope, span: Span) -> Items:
    """What ``source[*]`` runs over: a list's elements, nothing for null, else the value alone."""
    if source == Known(None):
        return Items((), span=span)
    if isinstance(source, Items):
        if not source.is_set:
            return source
        ordered = as_set(source)
        return replace(ordered, is_set=not wholly_known(ordered))
    if isinstance(source, Reference):
        if source.attribute == "*":
            remainder = Unknown(
                f"the instances of '{source.address}' are not known",
                Name(source.address),
                span=span,
            )
            return Items((_any_element(source, scope, span),), remainder, span)
        if source.attribute and source.text is None:
            each = Unknown(
                f"'{source.symbol}' is known only after deployment",
                operation("[*]", source.symbol),
                span=span,
            )
            return Items((), each, span)
    return Items((source,), span=span)
