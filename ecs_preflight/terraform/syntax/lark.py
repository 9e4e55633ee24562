"""Masked HCL to the syntax tree, by ``hcl2`` as checkov brings it: bc-python-hcl2, not python-hcl2.

Its raw tree knows no precedence: operators nest to the right, and swallow the conditional that they
are the condition of. An operation's end includes white space after it, so ends are those of terms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hcl2.parser import hcl2
from lark import Token, Tree
from lark.exceptions import UnexpectedInput

from ...symbolic.source import Span
from . import build, templates
from .build import Builder, Step, Target
from .lexical import Code
from .nodes import (
    Attribute,
    Block,
    Body,
    Conditional,
    Expression,
    ForObject,
    ForTuple,
    FunctionCall,
    Tuple,
    Unary,
)
from .text import SourceText, across

_LARK = hcl2.lark_parser
_PREFIX = "_="
#: A node of lark's tree or a token; only the grammar knows what is in it.
_Node = Any


def body(text: SourceText, code: Code) -> Body:
    """The body of a file. Raises SyntaxFault."""
    builder = _LarkBuilder(text, code, code.start)
    return builder.items(builder.parsed("").children[0], text.span(0, len(text.text)))


def expression(text: SourceText, code: Code) -> Expression:
    """One expression. Raises SyntaxFault."""
    builder = _LarkBuilder(text, code, code.start - len(_PREFIX))
    attribute, *more = builder.parsed(_PREFIX).children[0].children
    if more:
        raise builder.unexpected(more[0].meta.start_pos)
    return builder.expression(attribute.children[1])


def root_of(masked: str) -> _Node:
    """lark's tree of masked code. Raises UnexpectedInput."""
    return _LARK.parse(masked + "\n")


def _place(node: _Node) -> Target:
    meta: Any = node if isinstance(node, Token) else node.meta
    return meta.start_pos, meta.end_pos


class _LarkBuilder(Builder):
    def parsed(self, prefix: str) -> _Node:
        try:
            return root_of(prefix + self.code.masked)
        except UnexpectedInput as error:
            raise self.unexpected(error.pos_in_stream or 0) from None

    def spans(self, node: _Node) -> Span:
        return self.span(*_place(node))

    # -- structure ---------------------------------------------------------------------------------

    def items(self, node: _Node, span: Span) -> Body:
        items: list[tuple[Target, Attribute | Block]] = []
        for child in node.children:
            start, end = _place(child)
            end = start + len(self.masked(start, end).rstrip())
            items.append(
                (
                    (start, end),
                    self.attribute(child)
                    if child.data == "attribute"
                    else self.block(child, start, end),
                )
            )
        return self.body(items, span)

    def attribute(self, node: _Node) -> Attribute:
        name, value = node.children[0], self.expression(node.children[1])
        span = self.spans(name)
        return Attribute(self.word(*_place(name)), value, across(span, value.span), span)

    def block(self, node: _Node, start: int, end: int) -> Block:
        kind, *labels, content = node.children
        header = self.span(start, _place(labels[-1] if labels else kind)[1])
        opened = start + self.masked(start, end).index("{")
        self.deeper(start, end)
        inner = self.items(content, self.span(opened, end))
        self.depth -= 1
        names = tuple(self.label(*_place(label)) for label in labels)
        return Block(self.word(*_place(kind)), names, inner, self.span(start, end), header)

    # -- expressions -------------------------------------------------------------------------------

    def expression(self, node: _Node) -> Expression:
        """A chain of operands and operators, which may be the condition of what follows it."""
        self.deeper(*_place(node))
        operands: list[Expression] = []
        operators: list[str] = []
        branches: list[_Node] = []
        while True:
            if node.data == "binary_op":
                left, term = node.children
                operands.append(self.operand(left))
                operators.append(str(term.children[0].children[0]))
                node = term.children[1]
            elif node.data == "conditional":
                node, *branches = node.children
            else:
                operands.append(self.operand(node))
                break
        result = build.operation(operands, operators)
        if branches:
            then, otherwise = (self.expression(branch) for branch in branches)
            result = Conditional(result, then, otherwise, across(result.span, otherwise.span))
        self.depth -= 1
        return result

    def operand(self, node: _Node) -> Expression:
        if node.data == "unary_op":
            operator, operand = node.children
            result = self.operand(operand)
            return Unary(str(operator), result, across(self.spans(operator), result.span))
        steps: list[Step] = []
        inner = node.children[0]
        while isinstance(inner, Tree) and inner.data in _TRAVERSALS:
            node, step = inner.children
            steps = [*self.steps(step), *steps]
            inner = node.children[0]
        return build.traversal(self.term(node, inner), steps) if steps else self.term(node, inner)

    def term(self, node: _Node, inner: _Node) -> Expression:
        if isinstance(inner, Token):
            return templates.expression(
                self.text,
                self.code.strings[self.base + _place(inner)[0]],
                lambda code: expression(self.text, code),
            )
        if inner.data in _BUILD:
            return _BUILD[inner.data](self, inner)
        return build.spanning(self.expression(inner), self.spans(node))

    def steps(self, node: _Node) -> list[Step]:
        start, end = _place(node)
        if node.data == "get_attr":
            return [Step(self.word(*_place(node.children[0])), True, self.span(start, end))]
        if node.data == "index":
            key = node.children[0]
            if isinstance(key, Token):
                return [Step(self.number(_place(key)[0], end), True, self.span(start, end))]
            return [Step(self.expression(key), False, self.span(start, end))]
        dotted = node.data == "attr_splat"
        splat = Step(None, dotted, self.span(start, start + (2 if dotted else 3)))
        return [splat, *(step for child in node.children for step in self.steps(child))]

    def literal(self, node: _Node) -> Expression:
        return self.number(*_place(node))

    def identifier(self, node: _Node) -> Expression:
        return self.name(*_place(node))

    def sequence(self, node: _Node) -> Expression:
        return Tuple(tuple(self.expression(child) for child in node.children), self.spans(node))

    def mapping(self, node: _Node) -> Expression:
        pairs = [child.children for child in node.children]
        return self.object(
            [
                (_place(key), self.key(key), _place(value), self.expression(value))
                for key, value in pairs
            ],
            self.spans(node),
        )

    def key(self, node: _Node) -> Expression:
        return self.identifier(node) if node.data == "identifier" else self.expression(node)

    def call(self, node: _Node) -> Expression:
        names = [child for child in node.children if child.data == "identifier"]
        arguments = node.children[-1].children if node.children[-1].data == "arguments" else []
        start, end = _place(node)
        tail = self.masked(_place(arguments[-1])[1], end) if arguments else ""
        return FunctionCall(
            self.word(start, _place(names[-1])[1]),
            tuple(self.expression(argument) for argument in arguments),
            "..." in tail,
            self.span(start, end),
        )

    def intro(self, node: _Node) -> tuple[str | None, str, Expression]:
        trees = [child for child in node.children if isinstance(child, Tree)]
        names = [self.word(*_place(child)) for child in trees[:-1]]
        return names[0] if len(names) == 2 else None, names[-1], self.expression(trees[-1])

    def for_tuple(self, node: _Node) -> Expression:
        intro, item, *remainder = (child for child in node.children if isinstance(child, Tree))
        return ForTuple(
            *self.intro(intro), self.expression(item), self.condition(remainder), self.spans(node)
        )

    def for_object(self, node: _Node) -> Expression:
        intro, key, item, *remainder = (child for child in node.children if isinstance(child, Tree))
        return ForObject(
            *self.intro(intro),
            self.expression(key),
            self.expression(item),
            self.condition(remainder),
            "..." in node.children,
            self.spans(node),
        )

    def condition(self, remainder: list[_Node]) -> Expression | None:
        return self.expression(remainder[0].children[1]) if remainder else None


_TRAVERSALS = frozenset(
    ("get_attr_expr_term", "index_expr_term", "attr_splat_expr_term", "full_splat_expr_term")
)
_BUILD: dict[str, Callable[[_LarkBuilder, _Node], Expression]] = {
    "identifier": _LarkBuilder.identifier,
    "int_lit": _LarkBuilder.literal,
    "tuple": _LarkBuilder.sequence,
    "object": _LarkBuilder.mapping,
    "function_call": _LarkBuilder.call,
    "provider_function_call": _LarkBuilder.call,
    "for_tuple_expr": _LarkBuilder.for_tuple,
    "for_object_expr": _LarkBuilder.for_object,
}
