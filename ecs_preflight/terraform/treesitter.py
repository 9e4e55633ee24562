"""Masked HCL to the syntax tree, by tree-sitter-hcl.

tree-sitter never fails: what it cannot parse becomes an ERROR node, what it misses a MISSING one, and
the rest of the tree is a guess. Either is a SyntaxFault here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import tree_sitter_hcl
from tree_sitter import Language, Node, Parser

from . import build, strings
from .build import Step
from .lexical import Code
from .syntax import (
    Attribute,
    Binary,
    Block,
    Body,
    Call,
    Conditional,
    Expression,
    ForObject,
    ForTuple,
    Object,
    ObjectItem,
    Tuple,
    Unary,
)
from .text import MAX_DEPTH, Text, across

_PARSER = Parser(Language(tree_sitter_hcl.language()))
_PREFIX = "_="


def body(text: Text, code: Code) -> Body:
    """The body of a file. Raises SyntaxFault."""
    root = _PARSER.parse(code.masked.encode()).root_node
    builder = _Builder(text, code, code.start)
    builder.check(root)
    span = text.span(0, len(text.text))
    found = root.children
    return builder.body(found[0], span) if found else Body((), (), span)


def expression(text: Text, code: Code) -> Expression:
    """One expression. Raises SyntaxFault."""
    root = _PARSER.parse((_PREFIX + code.masked).encode()).root_node
    builder = _Builder(text, code, code.start - len(_PREFIX))
    builder.check(root)
    attribute = root.children[0].children[0]
    if root.children[0].child_count != 1:
        raise builder.unexpected(root.children[0].children[1])
    return builder.expression(attribute.children[2])


@dataclass
class _Builder:
    text: Text
    code: Code
    base: int
    depth: int = 0

    def check(self, root: Node) -> None:
        node = root
        if not root.has_error:
            return
        while not (node.is_error or node.is_missing):
            node = next(child for child in node.children
                        if child.has_error or child.is_error or child.is_missing)
        if node.is_missing:
            raise self.text.fault(f"'{node.type}' is missing", self._at(node.start_byte))
        raise self.unexpected(node)

    def unexpected(self, node: Node) -> Exception:
        start, end = self._at(node.start_byte), self._at(node.end_byte)
        words = self.text.text[start:end].split(None, 1)
        return self.text.fault(f"unexpected '{words[0]}'" if words else "unexpected end", start, end)

    def _at(self, byte: int) -> int:
        return min(max(self.base + byte, self.code.start), self.code.start + len(self.code.masked))

    def _span(self, node: Node):
        return self.text.span(self.base + node.start_byte, self.base + node.end_byte)

    def _word(self, node: Node) -> str:
        return self.text.text[self.base + node.start_byte:self.base + node.end_byte]

    # -- structure ---------------------------------------------------------------------------------

    def body(self, node: Node, span) -> Body:
        items = []
        for child in node.children:
            start, end = self.base + child.start_byte, self.base + child.end_byte
            item = self.attribute(child) if child.type == "attribute" else self.block(child)
            items.append((start, item, end))
        return build.body(self.text, self.code, items, span)

    def attribute(self, node: Node) -> Attribute:
        name, _, value = node.children
        return Attribute(self._word(name), self.expression(value), self._span(node), self._span(name))

    def block(self, node: Node) -> Block:
        kind, *rest = node.children
        labels, header = [], kind
        body, opened = None, rest[-1]
        for child in rest:
            if child.type == "identifier":
                labels.append(self._word(child))
                header = child
            elif child.type == "string_lit":
                labels.append(self._label(child))
                header = child
            elif child.type == "block_start":
                opened = child
            elif child.type == "body":
                body = child
        span = self.text.span(self.base + opened.start_byte, self.base + node.end_byte)
        return Block(self._word(kind), tuple(labels),
                     self.body(body, span) if body else Body((), (), span),
                     self._span(node), across(self._span(kind), self._span(header)))

    def _label(self, node: Node) -> str:
        value = strings.literal(self.text, self.code.strings[self.base + node.start_byte])
        if value is None:
            raise self.text.fault("a block's label cannot be a template",
                                  self.base + node.start_byte, self.base + node.end_byte)
        return value

    # -- expressions -------------------------------------------------------------------------------

    def expression(self, node: Node) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.text.fault(f"nested more than {MAX_DEPTH} levels deep", self.base + node.start_byte)
        result = self._term(node.children)
        self.depth -= 1
        return result

    def _term(self, nodes: list[Node]) -> Expression:
        """An operand and the steps of a traversal after it."""
        if nodes[0].type == "(":
            inner, after = self.expression(nodes[1]), 3
            result = build.spanning(inner, self.text.span(self.base + nodes[0].start_byte,
                                                          self.base + nodes[2].end_byte))
        else:
            result, after = _BUILD[nodes[0].type](self, nodes[0]), 1
        steps = [step for node in nodes[after:] for step in self._steps(node)]
        return build.traversal(result, steps) if steps else result

    def _steps(self, node: Node) -> list[Step]:
        span = self._span(node)
        if node.type == "get_attr":
            return [Step(self._word(node.children[1]), True, span)]
        if node.type == "new_index":
            return [Step(self.expression(node.children[1]), False, span)]
        if node.type == "legacy_index":
            start = self.base + node.start_byte + 1
            return [Step(build.number(self.text, start, self.base + node.end_byte), True, span)]
        if node.type in (".*", "[*]"):
            return [Step(None, node.type == ".*", span)]
        return [step for child in node.children for step in self._steps(child)]

    def _first(self, node: Node) -> Expression:
        return _BUILD[node.children[0].type](self, node.children[0])

    def _literal(self, node: Node) -> Expression:
        leaf = node.children[0]
        start, end = self.base + leaf.start_byte, self.base + leaf.end_byte
        if leaf.type == "string_lit":
            return strings.expression(self.text, self.code.strings[start],
                                      lambda code: expression(self.text, code))
        if leaf.type == "numeric_lit":
            return build.number(self.text, start, end)
        return build.name(self.text, start, end)

    def _name(self, node: Node) -> Expression:
        return build.name(self.text, self.base + node.start_byte, self.base + node.end_byte)

    def _tuple(self, node: Node) -> Expression:
        items = tuple(self.expression(child) for child in node.children if child.type == "expression")
        return Tuple(items, self._span(node))

    def _object(self, node: Node) -> Expression:
        items = []
        for child in node.children:
            if child.type == "object_elem":
                key, _, value = child.children
                start, end = self.base + key.start_byte, self.base + key.end_byte
                items.append(ObjectItem(
                    build.object_key(self.text, self.expression(key), start, end), self.expression(value)))
        return Object(tuple(items), self._span(node))

    def _call(self, node: Node) -> Expression:
        arguments = next((c.children for c in node.children if c.type == "function_arguments"), [])
        return Call(self._word(node.children[0]),
                    tuple(self.expression(a) for a in arguments if a.type == "expression"),
                    any(a.type == "ellipsis" for a in arguments), self._span(node))

    def _conditional(self, node: Node) -> Expression:
        # The grammar binds a ? b : c ? d : e to the left, HCL to the right.
        chain = [node]
        while (inner := chain[-1].children[0].children[0]).type == "conditional":
            chain.append(inner)
        if len(chain) > MAX_DEPTH:
            raise self.text.fault(f"nested more than {MAX_DEPTH} levels deep", self.base + node.start_byte)
        result = self.expression(node.children[4])
        for outer in chain:
            condition = outer.children[0] if outer is chain[-1] else outer.children[0].children[0].children[4]
            head, then = self.expression(condition), self.expression(outer.children[2])
            result = Conditional(head, then, result, across(head.span, result.span))
        return result

    def _unary(self, node: Node) -> Expression:
        operator, *operand = node.children
        return Unary(operator.type, self._term(operand), self._span(node))

    def _binary(self, node: Node) -> Expression:
        children = node.children
        at = next(n for n, child in enumerate(children) if child.type in _OPERATORS)
        left, right = self._term(children[:at]), self._term(children[at + 1:])
        return Binary(children[at].type, left, right, across(left.span, right.span))

    def _for_intro(self, node: Node) -> tuple[str | None, str, Expression]:
        names = [self._word(child) for child in node.children if child.type == "identifier"]
        collection = next(child for child in node.children if child.type == "expression")
        return (names[0] if len(names) == 2 else None, names[-1], self.expression(collection))

    def _for_tuple(self, node: Node) -> Expression:
        item = next(child for child in node.children if child.type == "expression")
        return ForTuple(*self._for_intro(node.children[1]), self.expression(item),
                        self._for_condition(node), self._span(node))

    def _for_object(self, node: Node) -> Expression:
        key, item = (child for child in node.children if child.type == "expression")
        return ForObject(*self._for_intro(node.children[1]), self.expression(key),
                         self.expression(item), self._for_condition(node),
                         any(child.type == "ellipsis" for child in node.children), self._span(node))

    def _for_condition(self, node: Node) -> Expression | None:
        condition = next((child for child in node.children if child.type == "for_cond"), None)
        return self.expression(condition.children[1]) if condition else None


_OPERATORS = frozenset(("||", "&&", "==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%"))
_BUILD: dict[str, Callable[[_Builder, Node], Expression]] = {
    "literal_value": _Builder._literal,
    "variable_expr": _Builder._name,
    "collection_value": _Builder._first,
    "for_expr": _Builder._first,
    "operation": _Builder._first,
    "tuple": _Builder._tuple,
    "object": _Builder._object,
    "function_call": _Builder._call,
    "conditional": _Builder._conditional,
    "unary_operation": _Builder._unary,
    "binary_operation": _Builder._binary,
    "for_tuple_expr": _Builder._for_tuple,
    "for_object_expr": _Builder._for_object,
}
