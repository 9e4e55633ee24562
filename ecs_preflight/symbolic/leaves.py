"""What stands in a structure of lists and objects, in the order of the source."""

from __future__ import annotations

from collections.abc import Iterator

from .values import Entries, Hole, Items, Known, Text, Value


def leaves(value: Value) -> Iterator[Known | Text | Hole]:
    """What is no list and no object: texts whole, with their holes. Of a list or an object that is
    known in part, what is known."""
    waiting: list[Value] = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Items):
            waiting.extend(reversed(value.items))
        elif isinstance(value, Entries):
            waiting.extend(item for _, item in reversed(value.entries))
        else:
            yield value


def holes_in(value: Value) -> Iterator[Hole]:
    """The references, and what is not known, of texts too."""
    for leaf in leaves(value):
        if isinstance(leaf, Text):
            yield from (part for part in leaf.parts if not isinstance(part, str))
        elif not isinstance(leaf, Known):
            yield leaf
