"""Files that are no template: their documents, and a node of them as a value."""

from __future__ import annotations

from pathlib import Path

from ..symbolic.documents import reading, valued
from ..symbolic.documents.nodes import DocumentFault, Node
from ..symbolic.source import Boundary, Span, Unreadable, shown
from ..symbolic.values import Value
from . import placeholders
from .placeholders import Resolve
from .templating import stands_for

EXTENSIONS = (".json", ".yaml", ".yml")


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


def value_of(node: Node, file: str, resolve: Resolve = stands_for) -> Value:
    """The node as a value with the places of all keys, its placeholders as holes."""
    return valued.value_of(node, file, lambda text, span: placeholders.filled(text, span, resolve))
