"""A block's body as a value: attributes evaluated, nested blocks listed, dynamic ones expanded."""

from __future__ import annotations

from collections.abc import Mapping

from ...symbolic.budget import Limit, OverBudget, charge, current
from ...symbolic.records import dataclass, field, replace
from ...symbolic.source import Span
from ...symbolic.values import Entries, Items, Known, Unknown, Value, Why, first, literal, why_not
from ..language.evaluate import evaluate
from ..language.scope import ExpressionScope
from ..syntax.nodes import Block, Body

#: What Terraform itself reads of a resource, so that it is no argument of it.
_META = frozenset(
    {"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"}
)
#: More nested blocks of one dynamic block than this are not expanded.
_MAX_BLOCKS = 1_000


@dataclass
class _Nested:
    """The nested blocks of one type found so far."""

    span: Span
    header: Span
    items: list[Value] = field(default_factory=list)
    remainder: Unknown | None = None


def arguments(block: Block, scope: ExpressionScope) -> Entries:
    """The body of a resource or data source, without what Terraform itself reads of it."""
    body = Body(
        tuple(a for a in block.body.attributes if a.name not in _META),
        tuple(b for b in block.body.blocks if b.type not in _META),
        block.body.span,
    )
    return content(body, scope, {}, block.span)


def content(body: Body, scope: ExpressionScope, names: Mapping[str, Value], span: Span) -> Entries:
    """``body`` as Entries: attributes by their names, nested blocks by their types as Items."""
    entries: dict[str, Value] = {}
    keys: dict[str, Span] = {}
    for attribute in body.attributes:
        entries[attribute.name] = evaluate(attribute.value, scope, names)
        keys[attribute.name] = attribute.name_span
    nested: dict[str, _Nested] = {}
    for block in body.blocks:
        if block.type == "dynamic" and block.labels:
            found = nested.setdefault(block.labels[0], _Nested(block.span, block.header))
            _add_dynamic(found, block, scope, names)
        else:
            found = nested.setdefault(block.type, _Nested(block.span, block.header))
            try:
                charge(10)
                found.items.append(content(block.body, scope, names, block.span))
            except OverBudget as over:
                found.remainder = replace(over.unknown, span=block.span)
    for type_, blocks in nested.items():
        entries.setdefault(type_, Items(tuple(blocks.items), blocks.remainder, blocks.span))
        keys.setdefault(type_, blocks.header)
    return Entries(tuple(entries.items()), None, span, tuple(keys.items()))


def _add_dynamic(
    found: _Nested, block: Block, scope: ExpressionScope, names: Mapping[str, Value]
) -> None:
    """Adds what ``dynamic "type" { for_each iterator content { } }`` makes."""
    for_each, contents = block.body.attribute("for_each"), block.body.of("content")
    if for_each is None or not contents:
        return
    iterator = block.body.attribute("iterator")
    name = getattr(iterator.value, "name", None) if iterator else None
    pairs, remainder = _pairs(evaluate(for_each.value, scope, names))
    if len(pairs) > _MAX_BLOCKS:
        of = f"of '{block.labels[0]}' blocks"
        pairs, remainder = [], current().cut_off(Limit.INSTANCES, of, block.span)
    try:
        for key, value in pairs:
            element = Entries((("key", key), ("value", value)), span=value.span)
            seen = {**names, name or block.labels[0]: element}
            charge(10)
            found.items.append(content(contents[0].body, scope, seen, contents[0].span))
    except OverBudget as over:
        remainder = replace(over.unknown, span=block.span)
    found.remainder = first(found.remainder, remainder)


def _pairs(collection: Value) -> tuple[list[tuple[Value, Value]], Unknown | None]:
    """The keys and values that a dynamic block runs over, and why there may be more."""
    if isinstance(collection, Entries):
        return [(Known(key), value) for key, value in collection.entries], collection.remainder
    if isinstance(collection, Items):
        if collection.is_set:
            unique = {literal(item) or index: item for index, item in enumerate(collection)}
            return [(item, item) for item in unique.values()], collection.remainder
        return [(Known(i), item) for i, item in enumerate(collection)], collection.remainder
    if collection == Known(None):
        return [], None
    no_collection = Unknown("its for_each is no collection", why=Why.FUNCTION, span=collection.span)
    return [], first(why_not(collection), no_collection)
