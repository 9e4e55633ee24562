"""Terraform's JSON syntax (``.tf.json``, ``.tofu.json``) and JSON variable files.

Which keys of a resource are nested blocks and which are arguments only the provider's schema tells.
So in a resource everything but Terraform's own blocks (``lifecycle``, ``provisioner``,
``connection``, ``dynamic``) is an attribute, a nested block one whose value is an Object or a Tuple
of Objects; whoever looks for a nested block takes that for one. What holds a ``dynamic`` cannot be
an argument, and is a block.

Source: the Terraform documentation, "JSON Configuration Syntax".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...symbolic.source import Span
from . import json_nodes, parse
from .json_nodes import Array, Node, OffsetMapping, Scalar
from .nodes import (
    Attribute,
    Block,
    Body,
    Expression,
    Literal,
    Object,
    ObjectItem,
    SourceFile,
    SyntaxFault,
    Tuple,
)
from .strings import normal
from .text import SourceText

_DYNAMIC = {"dynamic": 1}
_META = {"lifecycle": 0, "connection": 0, "provisioner": 1, "dynamic": 1}
#: The blocks, with the number of their labels, that Terraform itself knows in a file ("") or block.
_BLOCKS: dict[str, dict[str, int]] = {
    "": {
        "resource": 2,
        "data": 2,
        "ephemeral": 2,
        "module": 1,
        "variable": 1,
        "output": 1,
        "provider": 1,
        "check": 1,
        "locals": 0,
        "terraform": 0,
        "moved": 0,
        "import": 0,
        "removed": 0,
    },
    "resource": _META,
    "data": _META,
    "ephemeral": _META,
    "provider": _DYNAMIC,
    "removed": {"lifecycle": 0, "connection": 0, "provisioner": 1},
    "module": {},
    "locals": {},
    "moved": {},
    "import": {},
    "dynamic": {"content": 0},
    "variable": {"validation": 0},
    "output": {"precondition": 0},
    "lifecycle": {"precondition": 0, "postcondition": 0},
    "check": {"data": 2, "assert": 0},
    "terraform": {"backend": 1, "cloud": 0, "required_providers": 0, "provider_meta": 1},
}
_META_ARGUMENTS = frozenset(("depends_on", "provider", "providers"))
#: Arguments whose strings are expressions without ``${``.
_REFERENCES = {
    "resource": _META_ARGUMENTS,
    "data": _META_ARGUMENTS,
    "ephemeral": _META_ARGUMENTS,
    "module": _META_ARGUMENTS,
    "output": _META_ARGUMENTS,
    "variable": frozenset(("type",)),
    "lifecycle": frozenset(("ignore_changes", "replace_triggered_by")),
    "moved": frozenset(("from", "to")),
    "removed": frozenset(("from",)),
    "import": frozenset(("to", "provider")),
    "dynamic": frozenset(("iterator",)),
}


def parse_json(text: str, path: str) -> SourceFile:
    """A ``.tf.json`` file. Strings are templates. Raises SyntaxFault."""
    source = SourceText(text.removeprefix("\ufeff"), path)
    node = json_nodes.read(source)
    return SourceFile(path, _JsonSyntaxReader(source).body(node, ""))


def parse_json_values(text: str, path: str) -> SourceFile:
    """A ``.tfvars.json`` file: attributes, whose strings are what they say. Raises SyntaxFault."""
    source = SourceText(text.removeprefix("\ufeff"), path)
    node = json_nodes.read(source)
    reader = _JsonSyntaxReader(source)
    attributes = tuple(
        Attribute(_name(key), reader.value(value), reader.across(key, value), reader.span(key))
        for key, value in reader.members(node)
    )
    return SourceFile(path, Body(attributes, (), reader.span(node)))


class _JsonSyntaxReader:
    def __init__(self, text: SourceText) -> None:
        self.text = text

    def span(self, node: Node) -> Span:
        return self.text.span(node.start, node.end)

    def across(self, first: Node, last: Node) -> Span:
        return self.text.span(first.start, last.end)

    def members(self, node: Node) -> Iterator[tuple[Scalar, Node]]:
        """The members of an object, or of each object in an array; without comments."""
        if isinstance(node, Array):
            for item in node.items:
                yield from self.members(item)
        elif isinstance(node, OffsetMapping):
            yield from ((key, value) for key, value in node.members if key.value != "//")
        elif node.value is not None:
            raise self.text.fault("an object is expected here", node.start, node.end)

    def body(self, node: Node, kind: str) -> Body:
        attributes: list[Attribute] = []
        blocks: list[Block] = []
        known = _BLOCKS.get(kind, _DYNAMIC)
        for key, value in self.members(node):
            name = _name(key)
            if name in known or ("dynamic" in known and _holds_dynamic(value)):
                blocks.extend(self.blocks(key, value, known.get(name, 0), ()))
            else:
                attributes.append(
                    Attribute(
                        name,
                        self.argument(kind, name, value),
                        self.across(key, value),
                        self.span(key),
                    )
                )
        return Body(tuple(attributes), tuple(blocks), self.span(node))

    def blocks(
        self, kind: Scalar, node: Node, wanted: int, labels: tuple[Scalar, ...]
    ) -> Iterator[Block]:
        if len(labels) < wanted:
            for label, value in self.members(node):
                yield from self.blocks(kind, value, wanted, (*labels, label))
        elif isinstance(node, Array):
            for item in node.items:
                yield from self.blocks(kind, item, wanted, labels)
        elif isinstance(node, OffsetMapping) or node.value is not None:
            last = labels[-1] if labels else kind
            yield Block(
                _name(kind),
                tuple(map(_name, labels)),
                self.body(node, _name(kind)),
                self.across(last, node),
                self.span(last),
            )

    def argument(self, kind: str, name: str, node: Node) -> Expression:
        if kind == "variable" and name in ("default", "description"):
            return self.value(node)
        if name in _REFERENCES.get(kind, ()):
            return self.value(node, self.reference)
        return self.value(node, self.template)

    def value(self, node: Node, string: Callable[[Scalar], Expression] | None = None) -> Expression:
        """The node as an expression; ``string`` reads its strings, which without it are literal."""
        if isinstance(node, Array):
            return Tuple(tuple(self.value(item, string) for item in node.items), self.span(node))
        if isinstance(node, OffsetMapping):
            return Object(
                tuple(
                    ObjectItem(
                        self.template(key) if string else self.plain(key), self.value(value, string)
                    )
                    for key, value in node.members
                ),
                self.span(node),
            )
        if isinstance(node.value, str) and string:
            return string(node)
        return self.plain(node)

    def plain(self, node: Scalar) -> Literal:
        value = node.value
        return Literal(normal(value) if isinstance(value, str) else value, self.span(node))

    def template(self, node: Scalar) -> Expression:
        value = _name(node)
        if "${" not in value and "%{" not in value:
            return self.plain(node)
        return parse.template(json_nodes.inner(self.text, node), self.span(node))

    def reference(self, node: Scalar) -> Expression:
        try:
            return parse.expression(json_nodes.inner(self.text, node))
        except SyntaxFault:
            return self.template(node)


def _holds_dynamic(node: Node) -> bool:
    """Is it, or holds it, an object with a dynamic block in it?"""
    if isinstance(node, Array):
        return any(_holds_dynamic(item) for item in node.items)
    if not isinstance(node, OffsetMapping):
        return False
    return any(
        _holds_dynamic(value)
        or (
            key.value == "dynamic"
            and isinstance(value, OffsetMapping)
            and all(_is_dynamic(body) for _, body in value.members)
        )
        for key, value in node.members
    )


def _is_dynamic(node: Node) -> bool:
    keys = {key.value for key, _ in node.members} if isinstance(node, OffsetMapping) else set()
    return {"for_each", "content"} <= keys


def _name(node: Scalar) -> str:
    assert isinstance(node.value, str)
    return node.value
