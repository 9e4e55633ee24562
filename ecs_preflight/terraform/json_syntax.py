"""Terraform's JSON syntax (``.tf.json``, ``.tofu.json``) and JSON variable files.

Which keys of a resource are nested blocks and which are arguments only the provider's schema tells.
So in a resource everything but Terraform's own blocks (``lifecycle``, ``provisioner``,
``connection``, ``dynamic``) is an attribute, a nested block one whose value is an Object or a Tuple
of Objects; who looks for blocks reads it with ``bodies``, which finds the ``dynamic`` inside.

Source: the Terraform documentation, "JSON Configuration Syntax".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..source import Span
from . import json_nodes, parse
from .json_nodes import Array, Mapping, Node, Scalar
from .strings import normal
from .syntax import (
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
from .text import Text, across

_META = {"lifecycle": 0, "connection": 0, "provisioner": 1, "dynamic": 1}
#: The blocks, with the number of their labels, that Terraform itself knows in a file ("") or block.
_BLOCKS: dict[str, dict[str, int]] = {
    "": {"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1,
         "provider": 1, "check": 1, "locals": 0, "terraform": 0, "moved": 0, "import": 0,
         "removed": 0},
    "resource": _META, "data": _META, "ephemeral": _META, "provider": {"dynamic": 1},
    "removed": {"lifecycle": 0, "connection": 0, "provisioner": 1},
    "dynamic": {"content": 0}, "content": {"dynamic": 1},
    "variable": {"validation": 0}, "output": {"precondition": 0},
    "lifecycle": {"precondition": 0, "postcondition": 0},
    "check": {"data": 2, "assert": 0},
    "terraform": {"backend": 1, "cloud": 0, "required_providers": 0, "provider_meta": 1},
}
_META_ARGUMENTS = frozenset(("depends_on", "provider", "providers"))
#: Arguments whose strings are expressions without ``${``.
_REFERENCES = {
    "resource": _META_ARGUMENTS, "data": _META_ARGUMENTS, "ephemeral": _META_ARGUMENTS,
    "module": _META_ARGUMENTS, "output": _META_ARGUMENTS, "variable": frozenset(("type",)),
    "lifecycle": frozenset(("ignore_changes", "replace_triggered_by")),
    "moved": frozenset(("from", "to")), "removed": frozenset(("from",)),
    "import": frozenset(("to", "provider")), "dynamic": frozenset(("iterator",)),
}


def parse_json(text: str, path: str) -> SourceFile:
    """A ``.tf.json`` file. Strings are templates. Raises SyntaxFault."""
    source = Text(text.removeprefix("\ufeff"), path)
    node = json_nodes.read(source)
    return SourceFile(path, _Reader(source).body(node, ""))


def parse_json_values(text: str, path: str) -> SourceFile:
    """A ``.tfvars.json`` file: attributes, whose strings are what they say. Raises SyntaxFault."""
    source = Text(text.removeprefix("\ufeff"), path)
    node = json_nodes.read(source)
    reader = _Reader(source)
    attributes = tuple(
        Attribute(_name(key), reader.value(value), reader.across(key, value), reader.span(key))
        for key, value in reader.members(node))
    return SourceFile(path, Body(attributes, (), reader.span(node)))


def bodies(value: Expression) -> tuple[Body, ...] | None:
    """An attribute's value read as nested blocks, one for each object; None when it is none."""
    if isinstance(value, Literal) and value.value is None:
        return ()
    items = value.items if isinstance(value, Tuple) else (value,)
    if not all(isinstance(item, Object) for item in items):
        return None
    return tuple(_as_body(item) for item in items if isinstance(item, Object))


def _as_body(value: Object, known: str = "content") -> Body:
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    for item in value.items:
        if not isinstance(item.key, Literal) or item.key.value == "//":
            continue
        name, span = str(item.key.value), across(item.key.span, item.value.span)
        if name not in _BLOCKS[known]:
            attributes.append(Attribute(name, item.value, span, item.key.span))
        elif name == "content":
            blocks.extend(Block(name, (), body, body.span, item.key.span)
                          for body in bodies(item.value) or ())
        elif isinstance(item.value, Object):
            for labelled in item.value.items:
                if isinstance(labelled.key, Literal) and isinstance(labelled.value, Object):
                    header = across(item.key.span, labelled.key.span)
                    body = _as_body(labelled.value, "dynamic")
                    blocks.append(Block(name, (str(labelled.key.value),), body, span, header))
    return Body(tuple(attributes), tuple(blocks), value.span)


class _Reader:
    def __init__(self, text: Text) -> None:
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
        elif isinstance(node, Mapping):
            yield from ((key, value) for key, value in node.members if key.value != "//")
        elif node.value is not None:
            raise self.text.fault("an object is expected here", node.start, node.end)

    def body(self, node: Node, kind: str) -> Body:
        attributes: list[Attribute] = []
        blocks: list[Block] = []
        known = _BLOCKS.get(kind, {})
        for key, value in self.members(node):
            name = _name(key)
            if name in known:
                blocks.extend(self.blocks(key, value, known[name], ()))
            else:
                attributes.append(Attribute(name, self.argument(kind, name, value),
                                            self.across(key, value), self.span(key)))
        return Body(tuple(attributes), tuple(blocks), self.span(node))

    def blocks(self, kind: Scalar, node: Node, wanted: int,
               labels: tuple[Scalar, ...]) -> Iterator[Block]:
        if len(labels) < wanted:
            for label, value in self.members(node):
                yield from self.blocks(kind, value, wanted, (*labels, label))
        elif isinstance(node, Array):
            for item in node.items:
                yield from self.blocks(kind, item, wanted, labels)
        elif isinstance(node, Mapping) or node.value is not None:
            last = labels[-1] if labels else kind
            yield Block(_name(kind), tuple(map(_name, labels)), self.body(node, _name(kind)),
                        self.across(last, node), self.span(last))

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
        if isinstance(node, Mapping):
            return Object(tuple(
                ObjectItem(self.template(key) if string else self.plain(key),
                           self.value(value, string))
                for key, value in node.members), self.span(node))
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


def _name(node: Scalar) -> str:
    assert isinstance(node.value, str)
    return node.value
