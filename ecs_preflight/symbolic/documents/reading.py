"""Reading a file's text into documents, and what any tree of nodes can be asked."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping

from ..patterns import regex
from . import json_text
from .nodes import (
    MAX_DEPTH,
    Broken,
    Document,
    DocumentFault,
    Entry,
    Extent,
    Leaf,
    MappingNode,
    Node,
    SequenceNode,
)

_COMMENT, _SPEAKING = regex(r"(?:^|\s)#"), "ecs-preflight:"


def documents(text: str, file: str) -> tuple[Document, ...]:
    """The documents of a file. Raises Fault.

    What opens with a brace is JSON; outside ``.json`` it may also be YAML in flow style.
    """
    if not text.lstrip().startswith("{"):
        return _of_yaml(text)
    try:
        return (json_text.read(text),)
    except DocumentFault as fault:
        if file.endswith(".json"):
            raise
        try:
            return _of_yaml(text)
        except DocumentFault:
            raise fault from None


def _of_yaml(text: str) -> tuple[Document, ...]:
    from . import yaml_text  # where it is used: many scans read no YAML

    return yaml_text.read(text)


def comments(text: str, roots: Iterable[Node]) -> tuple[tuple[int, str], ...]:
    """The (line, text after the marker) of YAML comments that hold ``ecs-preflight:``."""
    found = [
        (number, line[match.end() :].strip(), match.end())
        for number, line in enumerate(text.split("\n"), 1)
        if _SPEAKING in line
        for match in [_COMMENT.search(line, 0, line.rindex(_SPEAKING))]
        if match
    ]
    if not found:
        return ()
    inside = [leaf.extent for root in roots for leaf in leaves(root)]
    return tuple(
        (line, comment)
        for line, comment, column in found
        if not any(_covers(extent, line, column) for extent in inside)
    )


def leaves(root: Node) -> Iterable[Leaf]:
    """All scalars below a node, those below an alias once."""
    seen: set[int] = set()
    queue = [root]
    while queue:
        node = queue.pop()
        if isinstance(node, Leaf):
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            queue.extend(children(node))


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below."""
    if isinstance(node, MappingNode):
        return tuple(entry.value for entry in node.entries)
    return node.items if isinstance(node, SequenceNode) else ()


def _covers(extent: Extent, line: int, column: int) -> bool:
    return extent[:2] <= (line, column) < extent[2:]


def from_decoded(value: object, depth: int = 0) -> Node:
    """A tree that a host has decoded: dicts, lists and scalars, which may carry YAML marks
    (``start_mark``, ``end_mark``), as cfn-lint's nodes do."""
    extent = _marked(value)
    if depth > MAX_DEPTH:
        return Broken(f"it is nested deeper than {MAX_DEPTH} levels", extent)
    if isinstance(value, AnyMapping):
        return MappingNode(
            tuple(
                Entry(str(key), _marked(key), from_decoded(item, depth + 1))
                for key, item in value.items()
            ),
            extent,
        )
    if isinstance(value, (list, tuple)):
        return SequenceNode(tuple(from_decoded(item, depth + 1) for item in value), extent)
    if isinstance(value, str):
        return Leaf(str(value), extent)
    if value is None or isinstance(value, (bool, int, float)):
        return Leaf(value, extent)
    return Leaf(str(value), extent)  # a date


def _marked(value: object) -> Extent:
    start, end = getattr(value, "start_mark", None), getattr(value, "end_mark", None)
    if start is None or end is None:
        return 0, 0, 0, 0
    return start.line + 1, start.column + 1, end.line + 1, end.column + 1
