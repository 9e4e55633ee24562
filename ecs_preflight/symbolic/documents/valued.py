"""A tree of nodes as a value, each part with its place."""

from __future__ import annotations

from collections.abc import Callable

from ..source import Span
from ..values import Entries, Items, Known, Unknown, Value, Why
from .nodes import Leaf, MappingNode, Node, SequenceNode

#: What a string reads as.
Fill = Callable[[str, Span], Value]


def value_of(node: Node, file: str, fill: Fill = Known, path: tuple[str | int, ...] = ()) -> Value:
    """The node as a value with the places of all keys, its strings as ``fill`` reads them."""
    span = Span(file, *node.extent, path)
    if isinstance(node, Leaf):
        return fill(node.value, span) if isinstance(node.value, str) else Known(node.value, span)
    if isinstance(node, SequenceNode):
        items = tuple(
            value_of(item, file, fill, (*path, index)) for index, item in enumerate(node.items)
        )
        return Items(items, span=span)
    if isinstance(node, MappingNode):
        return Entries(
            tuple(
                (entry.key, value_of(entry.value, file, fill, (*path, entry.key)))
                for entry in node.entries
            ),
            span=span,
            key_spans=tuple(
                (entry.key, Span(file, *entry.extent, (*path, entry.key))) for entry in node.entries
            ),
        )
    return Unknown(node.reason, why=Why.FUNCTION, span=span)
