"""``Fn::ForEach`` of the transform AWS::LanguageExtensions: one entry becomes several.

The loop's variable is replaced in every string of the body, ``${Name}`` by the item itself and
``&{Name}`` by its letters and digits. Source: User Guide, "Fn::ForEach".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...symbolic.documents.nodes import Entry, Leaf, MappingNode, Node, SequenceNode, plain
from ...symbolic.values import Items, Unknown, Value, Why, literal
from .scope import Path, TemplateScope, value_of

PREFIX = "Fn::ForEach::"
#: The most nodes that the loops of one mapping may make, and the most entries: twice as many as a
#: template may have resources once it is processed (CloudFormation, "Understand quotas": 500).
MAX_MADE, MAX_ENTRIES = 50_000, 1_000


def expanded_entries(
    entries: tuple[Entry, ...],
    path: Path,
    scope: TemplateScope,
) -> tuple[tuple[Entry, ...], Unknown | None]:
    """The entries with every loop replaced by what it makes, and why there may be more."""
    if not any(entry.key.startswith(PREFIX) for entry in entries):
        return entries, None
    loops = _Loops(path, scope)
    made = tuple(loops.expand(entries))
    return tuple({entry.key: entry for entry in made}.values()), loops.remainder


class _Loops:
    def __init__(self, path: Path, scope: TemplateScope) -> None:
        self._path, self._scope = path, scope
        self._made = self._entries = 0
        self.remainder: Unknown | None = None

    def expand(self, entries: Iterable[Entry]) -> Iterable[Entry]:
        for entry in entries:
            if entry.key.startswith(PREFIX):
                yield from self._loop(entry)
            else:
                yield entry

    def _loop(self, entry: Entry) -> Iterable[Entry]:
        terms = entry.value.items if isinstance(entry.value, SequenceNode) else ()
        name = plain(terms[0]) if len(terms) == 3 else None
        if name is None or not isinstance(terms[2], MappingNode):
            self._stop(f"'{entry.key}' needs a name, a list and a map", Why.FUNCTION, entry)
            return
        for item in self._items(terms[1], entry):
            word = literal(item)
            if word is None:
                self._stop(f"an item of '{entry.key}' is not known", Why.FUNCTION, entry)
                continue
            body = self._replaced(terms[2], name, word)
            if self._made > MAX_MADE or self._entries >= MAX_ENTRIES:
                self._stop(f"'{entry.key}' makes too much", Why.LIMIT, entry)
                return
            if isinstance(body, MappingNode):
                self._entries += len(body.entries)
                yield from self.expand(body.entries)

    def _items(self, collection: Node, entry: Entry) -> tuple[Value, ...]:
        items = value_of(collection, (*self._path, entry.key, 1), self._scope)
        if not isinstance(items, Items):
            why = items.why if isinstance(items, Unknown) else Why.FUNCTION
            self._stop(f"the list of '{entry.key}' is not known", why, entry)
            return ()
        flat = [inner for item in items for inner in (item if isinstance(item, Items) else (item,))]
        if items.remainder is not None:
            self.remainder = items.remainder
        return tuple(flat)

    def _replaced(self, node: Node, name: str, word: str) -> Node:
        """The node with the variable replaced in every key and string below it."""
        self._made += 1
        if self._made > MAX_MADE:
            return node
        if isinstance(node, Leaf) and isinstance(node.value, str):
            return node._replace(value=_filled(node.value, name, word))
        if isinstance(node, SequenceNode):
            return node._replace(
                items=tuple(self._replaced(item, name, word) for item in node.items)
            )
        if isinstance(node, MappingNode):
            if len(node.entries) == 1 and plain(node.get("Ref")) == name:
                return Leaf(word, node.extent)
            return node._replace(
                entries=tuple(
                    Entry(_filled(key, name, word), extent, self._replaced(value, name, word))
                    for key, extent, value in node.entries
                )
            )
        return node

    def _stop(self, reason: str, why: Why, entry: Entry) -> None:
        span = self._scope.span(entry.extent, (*self._path, entry.key))
        self.remainder = Unknown(reason, why=why, span=span)


def _filled(text: str, name: str, word: str) -> str:
    if "{" not in text:
        return text
    letters = re.sub(r"[^A-Za-z0-9]", "", word)
    return text.replace(f"${{{name}}}", word).replace(f"&{{{name}}}", letters)
