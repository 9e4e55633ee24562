"""``for`` expressions, and what any loop runs over.

Source: the Terraform documentation, "for Expressions": maps in the order of their keys, sets in
their own, and of keys that occur twice an error unless they are grouped.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...symbolic.empty import made_of
from ...symbolic.records import dataclass, replace
from ...symbolic.source import Span
from ...symbolic.values import Entries, Items, Known, Reference, Unknown, Value, Why, first
from ..syntax.nodes import ForObject, ForTuple
from . import operators
from .comparison import as_set, wholly_known
from .faults import EvaluationFault
from .scope import ExpressionEvaluator, ExpressionScope, Names
from .symbols import cause


@dataclass(frozen=True)
class Elements:
    """What a loop runs over: keys and values, why there may be more, and whether the order is
    open."""

    pairs: tuple[tuple[Value, Value], ...]
    remainder: Unknown | None = None
    is_unordered: bool = False


def elements(collection: Value, scope: ExpressionScope, span: Span) -> Elements:
    """Raises Fault for what no loop can run over."""
    if isinstance(collection, Reference) and collection.attribute == "":
        collection = scope.whole(collection, span)
    if isinstance(collection, Reference) and collection.attribute == "*":
        key = Unknown("the key of an instance is not known", span=span)
        unknown = Unknown(f"the instances of '{collection.address}' are not known", span=span)
        return Elements(((key, scope.element(collection, key, span)),), unknown, True)
    # What the loop makes of the rest is something else: its symbol does not go with it.
    if isinstance(collection, Items):
        remainder = (
            None if collection.remainder is None else replace(collection.remainder, symbol=None)
        )
        if collection.is_set:
            ordered = as_set(collection)
            return Elements(
                tuple((item, item) for item in ordered.items), remainder, not wholly_known(ordered)
            )
        return Elements(
            tuple(
                (Known(index) if remainder is None else remainder, item)
                for index, item in enumerate(collection.items)
            ),
            remainder,
        )
    if isinstance(collection, Entries):
        spans = dict(collection.key_spans)
        remainder = (
            None if collection.remainder is None else replace(collection.remainder, symbol=None)
        )
        return Elements(
            tuple(
                (Known(key, spans.get(key, value.span)), value)
                for key, value in sorted(collection.entries, key=_by_key)
            ),
            remainder,
        )
    if isinstance(collection, (Unknown, Reference)):
        return Elements((), replace(cause(collection), symbol=None, span=span))
    raise EvaluationFault("a loop needs a list, a set or a map")


def _by_key(pair: tuple[str, Value]) -> str:
    return pair[0]


def for_tuple(evaluator: ExpressionEvaluator, loop: ForTuple, names: Names) -> Value:
    """``[for x in a : b]``."""
    collection = evaluator.value(loop.collection, names)
    over = elements(collection, evaluator.scope, loop.span)
    items: list[Value] = []
    remainder = over.remainder
    for seen, doubt in _rounds(evaluator, loop, names, over):
        if doubt is not None:
            remainder = first(remainder, doubt)
        else:
            items.append(evaluator.member(loop.item, seen))
    is_set = over.is_unordered and len(items) > 1
    return made_of(Items(tuple(items), remainder, loop.span, is_set=is_set), [collection])


def for_object(evaluator: ExpressionEvaluator, loop: ForObject, names: Names) -> Value:
    """``{ for x in a : b => c }``, with ``...`` grouped."""
    collection = evaluator.value(loop.collection, names)
    over = elements(collection, evaluator.scope, loop.span)
    entries: dict[str, Value] = {}
    groups: dict[str, list[Value]] = {}
    spans: dict[str, Span] = {}
    remainder = over.remainder
    for seen, doubt in _rounds(evaluator, loop, names, over):
        key = evaluator.key(loop.item_key, seen) if doubt is None else doubt
        if isinstance(key, Unknown):
            remainder = first(remainder, key)
            continue
        value = evaluator.member(loop.item, seen)
        if loop.group:
            groups.setdefault(key, []).append(value)
        elif key in entries:
            raise EvaluationFault(f"two items of a loop have the key '{key}'")
        entries[key] = value
        spans.setdefault(key, value.span)
    for key, group in groups.items():
        entries[key] = Items(tuple(group), remainder, loop.span)
    found = Entries(tuple(sorted(entries.items())), remainder, loop.span, tuple(spans.items()))
    return made_of(found, [collection])


def _rounds(
    evaluator: ExpressionEvaluator, loop: ForTuple | ForObject, names: Names, over: Elements
) -> Iterator[tuple[Names, Unknown | None]]:
    """Each round's names, and why it may not take place."""
    for key, value in over.pairs:
        seen = {**names, loop.value: value}
        if loop.key is not None:
            seen[loop.key] = key
        if loop.condition is None:
            yield seen, None
            continue
        condition = evaluator.value(loop.condition, seen)
        side = operators.holds(condition, evaluator.path_condition)
        if side is None:
            yield seen, Unknown(cause(condition).reason, why=Why.CONDITION, span=loop.span)
        elif side:
            yield seen, None
