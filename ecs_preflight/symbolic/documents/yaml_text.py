"""YAML with the place of every value, as CloudFormation reads it: YAML 1.1, short tags, merge keys.

The tree is built from the parser's events, so that neither depth nor aliases can exhaust anything.
Dates stay strings, and so do numbers with a leading zero: an account id keeps its digits.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import yaml

from ..patterns import regex
from ..source import beyond
from .nodes import (
    MAX_ALIASED,
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
    distinct,
)

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: The short tags of the template reference ("Intrinsic function reference").
_TAGS = {
    f"!{name}": f"Fn::{name}"
    for name in (
        "And",
        "Base64",
        "Cidr",
        "Contains",
        "EachMemberEquals",
        "EachMemberIn",
        "Equals",
        "FindInMap",
        "ForEach",
        "GetAZs",
        "GetAtt",
        "GetStackOutput",
        "If",
        "ImportValue",
        "Join",
        "Length",
        "Not",
        "Or",
        "RefAll",
        "Select",
        "Split",
        "Sub",
        "ToJsonString",
        "Transform",
        "ValueOf",
        "ValueOfAll",
    )
}
_TAGS |= {"!Ref": "Ref", "!Condition": "Condition"}
_CORE = "tag:yaml.org,2002:"

_BOOL = {
    word: name in ("yes", "true", "on")
    for name in ("yes", "true", "on", "no", "false", "off")
    for word in (name, name.capitalize(), name.upper())
}
_NULL = {"", "~", "null", "Null", "NULL"}
_INT = regex(r"[-+]?(?:0|[1-9][0-9_]{0,300})$")
_FLOAT = regex(r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?$")


def read(text: str) -> tuple[Document, ...]:
    """All documents of the text. Raises Fault."""
    try:
        return tuple(_documents(text))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise DocumentFault(
            "holds a character that YAML does not allow", (line, 1, line, 1)
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reason = " ".join(part for part in (error.context, error.problem) if part)
        raise DocumentFault(reason or "is not YAML", (line, column, line, column)) from None


def _documents(text: str) -> list[Document]:
    loader = _LOADER(text)
    try:
        found = []
        lines = text.split("\n") if re.search(r"[|>]", text) else []
        while loader.check_event():
            event = loader.get_event()
            if isinstance(event, yaml.DocumentStartEvent):
                found.append(_YamlNodeBuilder(loader, lines).document())
        return found
    finally:
        loader.dispose()


class _Size(NamedTuple):
    """How many nodes there are, and how deep they are nested."""

    nodes: int
    depth: int


class _OpenYaml:
    """A mapping or sequence whose end has not been seen; ``size`` with its aliases followed."""

    __slots__ = ("entries", "event", "is_mapping", "items", "key", "merged", "size")

    def __init__(self, event: Any, is_mapping: bool) -> None:
        self.event, self.is_mapping, self.size = event, is_mapping, _Size(1, 1)
        self.entries: list[Entry] = []
        self.items: list[Node] = []
        self.merged: list[Node] = []
        self.key: tuple[str, Extent, bool] | None = None


class _YamlNodeBuilder:
    """Builds one document from the loader's events."""

    def __init__(self, loader: Any, lines: list[str]) -> None:
        self._loader, self._lines = loader, lines
        self._anchors: dict[str, tuple[Node, _Size]] = {}
        self._faults: list[DocumentFault] = []
        self._aliased = 0

    def document(self) -> Document:
        stack: list[_OpenYaml] = []
        root: Node = Leaf(None, (1, 1, 1, 1))
        while True:
            event = self._loader.get_event()
            if isinstance(event, yaml.DocumentEndEvent):
                return Document(root, tuple(self._faults))
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                if len(stack) >= MAX_DEPTH:
                    raise DocumentFault(_too_deep(), _extent(event))
                stack.append(_OpenYaml(event, isinstance(event, yaml.MappingStartEvent)))
                continue
            if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                done = stack.pop()
                node, size = self._collection(done, event), done.size
                self._anchor(done.event.anchor, node, size)
            elif isinstance(event, yaml.AliasEvent):
                node, size = self._alias(event, len(stack))
            else:
                if stack and stack[-1].is_mapping and stack[-1].key is None:
                    merges = event.value == "<<" and event.implicit[0]
                    stack[-1].key = (event.value, _extent(event), merges)
                    self._anchor(event.anchor, Leaf(event.value, _extent(event)), _LEAF)
                    continue
                node, size = self._scalar(event), _LEAF
                self._anchor(event.anchor, node, size)
            if stack:
                self._place(stack[-1], node, size)
            else:
                root = node

    def _place(self, inner: _OpenYaml, node: Node, size: _Size) -> None:
        inner.size = _Size(inner.size.nodes + size.nodes, max(inner.size.depth, size.depth + 1))
        if not inner.is_mapping:
            inner.items.append(node)
            return
        if inner.key is None:  # a key that is a list or map, or an alias
            inner.key = (str(node.value) if isinstance(node, Leaf) else "?", node.extent, False)
            return
        key, extent, merges = inner.key
        inner.key = None
        if merges:
            inner.merged.extend(node.items if isinstance(node, SequenceNode) else (node,))
        else:
            inner.entries.append(Entry(key, extent, node))

    def _collection(self, done: _OpenYaml, end: Any) -> Node:
        start = done.event.start_mark
        extent = (start.line + 1, start.column + 1, *_end(done, end))
        node: Node
        if done.is_mapping:
            entries, faults = distinct(done.entries)
            self._faults.extend(faults)
            node = MappingNode(_merged(entries, done.merged), extent)
        else:
            node = SequenceNode(tuple(done.items), extent)
        return _tagged(done.event.tag, node)

    def _scalar(self, event: Any) -> Node:
        tag, block = event.tag, self._block(event) if event.style == "|" else 0
        value = _resolved(event.value) if tag is None and event.implicit[0] else event.value
        written = "" if isinstance(value, str) else event.value
        return _tagged(tag, Leaf(value, _extent(event), block, written))

    def _block(self, event: Any) -> int:
        """The column at which a literal block's text begins."""
        for line in self._lines[event.start_mark.line + 1 : event.end_mark.line + 1]:
            if line.strip():
                return len(line) - len(line.lstrip(" ")) + 1
        return 0

    def _anchor(self, name: str | None, node: Node, size: _Size) -> None:
        if name is not None:
            self._anchors[name] = (node, size)

    def _alias(self, event: Any, depth: int) -> tuple[Node, _Size]:
        known = self._anchors.get(event.anchor)
        if known is None:
            raise DocumentFault(
                f"the alias '*{event.anchor}' has no anchor before it", _extent(event)
            )
        self._aliased += known[1].nodes
        if self._aliased > MAX_ALIASED:
            raise DocumentFault(
                beyond(f"aliases add more than {MAX_ALIASED:,} nodes to it"), _extent(event)
            )
        if depth + known[1].depth > MAX_DEPTH:
            raise DocumentFault(_too_deep(), _extent(event))
        return known


_LEAF = _Size(1, 1)


def _merged(entries: tuple[Entry, ...], sources: list[Node]) -> tuple[Entry, ...]:
    """The entries, and those of the merged mappings that they and earlier ones do not override."""
    found = {entry.key: entry for entry in entries}
    for source in sources:
        if isinstance(source, MappingNode):
            for entry in source.entries:
                found.setdefault(entry.key, entry)
    return tuple(found.values())


def _tagged(tag: str | None, node: Node) -> Node:
    if tag is None or tag.startswith(_CORE) or tag == "!":
        return node
    name = _TAGS.get(tag)
    if name is None:
        return Broken(f"'{tag}' is not a tag of CloudFormation's", node.extent)
    return MappingNode((Entry(name, node.extent, node),), node.extent)


def _resolved(text: str) -> bool | int | float | str | None:
    """The value of a plain scalar."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.match(text):
        return int(text.replace("_", ""))
    if _FLOAT.match(text):
        return float(text.replace("_", ""))
    return text


def _extent(event: Any) -> Extent:
    start, end = event.start_mark, event.end_mark
    return start.line + 1, start.column + 1, end.line + 1, end.column + 1


def _end(done: _OpenYaml, end: Any) -> tuple[int, int]:
    """Where a collection ends: a block one with its last value, for its end mark is the next
    token."""
    if done.event.flow_style or not (done.entries or done.items):
        return end.end_mark.line + 1, end.end_mark.column + 1
    last = done.entries[-1].value if done.entries else done.items[-1]
    own = done.event.start_mark
    return max(last.extent[2:], (own.line + 1, own.column + 1))


def _too_deep() -> str:
    return beyond(f"nested deeper than {MAX_DEPTH} levels")
