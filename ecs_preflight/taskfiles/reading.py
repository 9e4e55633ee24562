"""Files that are no template: their documents, and a node of them as a value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..symbolic.documents import reading
from ..symbolic.documents.nodes import (
    Broken,
    DocumentFault,
    Leaf,
    MappingNode,
    Node,
    SequenceNode,
)
from ..symbolic.source import Boundary, Span, Unreadable, shown
from ..symbolic.values import Entries, Items, Known, Unknown, Value, Why
from . import placeholders
from .placeholders import Resolve

EXTENSIONS = (".json", ".yaml", ".yml")


def unresolved(name: str, span: Span) -> Value | None:
    """Nothing is known of any placeholder."""
    return None


def roots(path: Path, text: str) -> tuple[Node, ...]:
    """The documents in a file's text, placeholders read as strings. Raises Unreadable."""
    try:
        try:
            found = reading.documents(text, path.name)
        except DocumentFault:
            mended = placeholders.quoted(text)
            if mended == text:
                raise
            found = reading.documents(mended, path.name)
    except DocumentFault as fault:
        file = shown(path)
        raise Unreadable(file, fault.reason, Span(file, *fault.extent)) from None
    return tuple(document.root for document in found)


def root_of(path: Path, boundary: Boundary) -> Node | None:
    """The first document of a file; None when it cannot be read, which is no concern of whoever
    only looks it up."""
    try:
        found = roots(path, boundary.read_text(path))
    except (Unreadable, OSError):
        return None
    return found[0] if found else None


def value_of(node: Node, file: str, resolve: Resolve = unresolved) -> Value:
    """The node as a value with the places of all keys, its placeholders as holes."""
    return _valued(node, (), lambda extent, path: Span(file, *extent, path), resolve)


def _valued(
    node: Node,
    path: tuple[str | int, ...],
    place: Callable[[tuple[int, int, int, int], tuple[str | int, ...]], Span],
    resolve: Resolve,
) -> Value:
    span = place(node.extent, path)
    if isinstance(node, Leaf):
        if isinstance(node.value, str):
            return placeholders.filled(node.value, span, resolve)
        return Known(node.value, span)
    if isinstance(node, SequenceNode):
        items = tuple(
            _valued(item, (*path, index), place, resolve) for index, item in enumerate(node.items)
        )
        return Items(items, span=span)
    if isinstance(node, MappingNode):
        return Entries(
            tuple(
                (entry.key, _valued(entry.value, (*path, entry.key), place, resolve))
                for entry in node.entries
            ),
            span=span,
            key_spans=tuple(
                (entry.key, place(entry.extent, (*path, entry.key))) for entry in node.entries
            ),
        )
    assert isinstance(node, Broken)
    return Unknown(node.reason, why=Why.FUNCTION, span=span)
