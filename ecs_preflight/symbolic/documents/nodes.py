"""The tree of a template as written, whatever it was written in: YAML, JSON or a host's own nodes.

Every node knows its extent (line, column, end line, end column; from 1, the end exclusive). A short
tag reads as the long form: ``!Ref X`` is the mapping ``{"Ref": "X"}``.
"""

from __future__ import annotations

from typing import NamedTuple, Union

from ..terms import Scalar, scalar_text

#: Deeper nesting is refused: CloudFormation's own documents stay far below it.
MAX_DEPTH = 100
#: The most nodes that following a document's aliases may add to it.
MAX_ALIASED = 200_000

Extent = tuple[int, int, int, int]


class Leaf(NamedTuple):
    """A scalar. ``block`` is the column at which the text of a literal block scalar begins, else 0;
    ``written`` is the text of a plain YAML scalar that is no string."""

    value: Scalar
    extent: Extent
    block: int = 0
    written: str = ""


class SequenceNode(NamedTuple):
    """A list, with its extent."""

    items: tuple[Node, ...]
    extent: Extent


class Entry(NamedTuple):
    """A key and its value; ``extent`` is the key's."""

    key: str
    extent: Extent
    value: Node


class MappingNode(NamedTuple):
    """A mapping, in order; a key may come twice."""

    entries: tuple[Entry, ...]
    extent: Extent

    def get(self, key: str) -> Node | None:
        """The value under the key, of several the first; None where it is not there."""
        return next((entry.value for entry in self.entries if entry.key == key), None)


class Broken(NamedTuple):
    """What stands where nothing can be known: ``reason`` says why."""

    reason: str
    extent: Extent


Node = Union[Leaf, SequenceNode, MappingNode, Broken]


class DocumentFault(Exception):
    """A document that cannot be read, or not as it is meant: the reason and where."""

    def __init__(self, reason: str, extent: Extent) -> None:
        super().__init__(reason)
        self.reason, self.extent = reason, extent


class Document(NamedTuple):
    """One document of a file; ``faults`` are those which do not keep it from being read."""

    root: Node
    faults: tuple[DocumentFault, ...] = ()


def plain(node: Node | None) -> str | None:
    """The node's text when it is a scalar, a number or bool as it is written (names may look like
    those); else None."""
    if not isinstance(node, Leaf) or node.value is None:
        return None
    return node.value if isinstance(node.value, str) else node.written or scalar_text(node.value)


def mapping(node: Node | None) -> MappingNode:
    """The node when it is a mapping, else an empty one."""
    return node if isinstance(node, MappingNode) else MappingNode((), (0, 0, 0, 0))


def distinct(entries: list[Entry]) -> tuple[tuple[Entry, ...], tuple[DocumentFault, ...]]:
    """The entries with the last of each key, as CloudFormation takes it, and a fault for each
    other."""
    last = {entry.key: entry for entry in entries}
    if len(last) == len(entries):
        return tuple(entries), ()
    faults = tuple(
        DocumentFault(
            f"the key '{entry.key}' is written twice, and this one is ignored", entry.extent
        )
        for entry in entries
        if last[entry.key] is not entry
    )
    return tuple(last.values()), faults
