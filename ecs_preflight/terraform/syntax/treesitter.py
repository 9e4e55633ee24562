"""Masked HCL to the syntax tree, by tree-sitter-hcl.

tree-sitter never fails: what it cannot parse becomes an ERROR node, what it misses a MISSING one,
and the rest of the tree is a guess. Either is a SyntaxFault here.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from time import thread_time

import tree_sitter_hcl
from tree_sitter import Language, Node, Parser

from ...symbolic.patterns import regex
from ...symbolic.source import Span
from . import build, templates
from .build import OPERATORS, Builder, Step, Target
from .lexical import Code, Quote
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
from .recovery import first_fault
from .text import MAX_DEPTH, SourceText, across

_LANGUAGE = Language(tree_sitter_hcl.language())
_PREFIX = "_="
_NAMES = regex(r"[^\W\d][\w-]*(?:\.[^\W\d][\w-]*)*")
#: What a text of more than _SHORT bytes may take: seconds of processor time at least, and bytes for
#: each second more. HCL is parsed at twenty times that pace; repairing what is none can take
#: quadratic time. The clock is read at every _BEAT-th chance, for reading it is slow.
_SHORT, _SECONDS, _PACE, _BEAT = 4096, 2, 50_000, 16


def body(text: SourceText, code: Code) -> Body:
    """The body of a file. Raises SyntaxFault."""
    span = text.span(0, len(text.text))
    builder = _TreeSitterBuilder(text, code, code.start)
    found = builder.parsed("").children
    if not found:
        return Body((), (), span)
    if found[0].type != "body":
        raise builder.unexpected(found[0].start_byte)
    return builder.items(found[0], span)


def expression(text: SourceText, code: Code) -> Expression:
    """One expression. Raises SyntaxFault."""
    builder = _TreeSitterBuilder(text, code, code.start - len(_PREFIX))
    attribute, *more = builder.parsed(_PREFIX).children[0].children
    if more:
        raise builder.unexpected(more[0].start_byte)
    return builder.expression(attribute.children[2])


def _place(node: Node) -> Target:
    return node.start_byte, node.end_byte


def root_of(masked: str) -> Node:
    """tree-sitter's tree of masked code. Raises TimeoutError."""
    source = masked.encode()
    # A parser holds state, so that one for all would not do in threads.
    parser = Parser(_LANGUAGE)
    if len(source) <= _SHORT:
        return parser.parse(source).root_node
    limit, beats = thread_time() + _SECONDS + len(source) / _PACE, count(1)

    def is_late(*_: object) -> bool:
        return next(beats) % _BEAT == 0 and thread_time() > limit

    try:
        return parser.parse(
            lambda offset, _: source[offset : offset + _SHORT], progress_callback=is_late
        ).root_node
    except ValueError:
        raise TimeoutError from None


class _TreeSitterBuilder(Builder):
    def parsed(self, prefix: str) -> Node:
        source = prefix + self.code.masked
        try:
            root = root_of(source)
            if not root.has_error:
                return root
            place = first_fault(source, root_of)
        except TimeoutError:
            raise self.text.fault("not HCL as far as can be told in reasonable time", 0) from None
        raise self.unexpected(place)

    def spans(self, node: Node) -> Span:
        return self.span(node.start_byte, node.end_byte)

    def words(self, node: Node) -> str:
        return self.word(node.start_byte, node.end_byte)

    # -- structure ---------------------------------------------------------------------------------

    def items(self, node: Node, span: Span) -> Body:
        return self.body(
            [
                (_place(c), self.attribute(c) if c.type == "attribute" else self.block(c))
                for c in node.children
            ],
            span,
        )

    def attribute(self, node: Node) -> Attribute:
        name, _, value = node.children
        return Attribute(
            self.words(name), self.expression(value), self.spans(node), self.spans(name)
        )

    def block(self, node: Node) -> Block:
        children = node.children
        at = next(n for n, child in enumerate(children) if child.type == "block_start")
        span = self.span(children[at].start_byte, node.end_byte)
        content = children[at + 1]
        self.deeper(node.start_byte, node.end_byte)
        inner = self.items(content, span) if content.type == "body" else Body((), (), span)
        self.depth -= 1
        labels = tuple(self.label(child.start_byte, child.end_byte) for child in children[1:at])
        return Block(
            self.words(children[0]),
            labels,
            inner,
            self.spans(node),
            self.span(node.start_byte, children[at - 1].end_byte),
        )

    # -- expressions -------------------------------------------------------------------------------

    def expression(self, node: Node) -> Expression:
        start, end = node.start_byte, node.end_byte
        self.deeper(start, end)
        plain = self.plain(start, end)  # to look at a node takes longer than all the rest
        if plain is not None:
            self.depth -= 1
            return plain
        result = self.term(node.children)
        self.depth -= 1
        return result

    def term(self, nodes: list[Node]) -> Expression:
        """An operand and the steps of the traversal after it."""
        first, after = nodes[0], 1
        kind = first.type
        if kind == "(":
            inner, after = self.expression(nodes[1]), 3
            result = build.spanning(inner, self.span(first.start_byte, nodes[2].end_byte))
        elif kind in _BUILD:
            result = _BUILD[kind](self, first)
        else:
            raise self.unexpected(first.start_byte)
        if len(nodes) == after:
            return result
        steps: list[Step] = []
        for node in nodes[after:]:
            self.steps(node, steps)
        return build.traversal(result, steps)

    def steps(self, node: Node, found: list[Step]) -> None:
        kind = node.type
        if kind == "get_attr":
            found.append(Step(self.words(node.children[1]), True, self.spans(node)))
        elif kind == "new_index":
            found.append(Step(self.expression(node.children[1]), False, self.spans(node)))
        elif kind == "legacy_index":
            number = self.number(node.start_byte + 1, node.end_byte)
            found.append(Step(number, True, self.spans(node)))
        elif kind in (".*", "[*]"):
            found.append(Step(None, kind == ".*", self.spans(node)))
        else:
            for child in node.children:
                self.steps(child, found)

    def only(self, node: Node) -> Expression:
        inner = node.children[0]
        return _BUILD[inner.type](self, inner)

    def literal(self, node: Node) -> Expression:
        return self.number(node.start_byte, node.end_byte)

    def identifier(self, node: Node) -> Expression:
        return self.name(node.start_byte, node.end_byte)

    def plain(self, start: int, end: int) -> Expression | None:
        """The expression between the offsets where it is one string or number, or names and nothing
        but dots between them."""
        quote = self.code.strings.get(self.base + start)
        if quote is not None:
            return self.quoted(quote) if quote.end == self.base + end else None
        masked = self.masked(start, end)
        if _NAMES.fullmatch(masked):
            return self.names(start, masked) if masked.count(".") <= MAX_DEPTH else None
        return self.number(start, end) if masked.isdecimal() else None

    def string(self, node: Node) -> Expression:
        return self.quoted(self.code.strings[self.base + node.start_byte])

    def quoted(self, quote: Quote) -> Expression:
        return templates.expression(self.text, quote, lambda code: expression(self.text, code))

    def sequence(self, node: Node) -> Expression:
        items = [child for child in node.children if child.type == "expression"]
        return Tuple(tuple(self.expression(item) for item in items), self.spans(node))

    def mapping(self, node: Node) -> Expression:
        pairs = [child.children for child in node.children if child.type == "object_elem"]
        return self.object(
            [
                (_place(key), self.expression(key), _place(value), self.expression(value))
                for key, _, value in pairs
            ],
            self.spans(node),
        )

    def call(self, node: Node) -> Expression:
        arguments = next((c.children for c in node.children if c.type == "function_arguments"), [])
        return FunctionCall(
            self.words(node.children[0]),
            tuple(self.expression(a) for a in arguments if a.type == "expression"),
            any(a.type == "ellipsis" for a in arguments),
            self.spans(node),
        )

    def conditional(self, node: Node) -> Expression:
        # The grammar binds a ? b : c ? d : e to the left, HCL to the right.
        thens, elses = [node.children[2]], [node.children[4]]
        while (condition := node.children[0]).children[0].type == "conditional":
            node = condition.children[0]
            thens.append(node.children[2])
            elses.append(node.children[4])
        depth = self.depth
        conditions = [condition, *reversed(elses[1:])]
        heads = []
        for head, branch in zip(conditions, reversed(thens), strict=True):
            self.deeper(head.start_byte, head.end_byte)
            heads.append((self.expression(head), self.expression(branch)))
        result = self.expression(elses[0])
        self.depth = depth
        for test, then in reversed(heads):
            result = Conditional(test, then, result, across(test.span, result.span))
        return result

    def unary(self, node: Node) -> Expression:
        operator, *operand = node.children
        self.deeper(node.start_byte, node.end_byte)
        result = self.term(operand)
        self.depth -= 1
        return Unary(operator.type, result, across(self.spans(operator), result.span))

    def binary(self, node: Node) -> Expression:
        """The whole chain of operations that is not broken by parentheses, as the operands and
        operators it is made of."""
        operands: list[Expression] = []
        operators: list[str] = []
        pending: list[list[Node] | str] = [[node]]
        while pending:
            part = pending.pop()
            if isinstance(part, str):
                operators.append(part)
                continue
            inner = part[0].children[0] if part[0].type == "operation" else part[0]
            if len(part) > 1 or inner.type != "binary_operation":
                operands.append(self.term(part))
                continue
            children = inner.children
            at = next(n for n, child in enumerate(children) if child.type in OPERATORS)
            pending += [children[at + 1 :], children[at].type, children[:at]]
        return build.operation(operands, operators)

    def intro(self, node: Node) -> tuple[str | None, str, Expression]:
        names = [self.words(child) for child in node.children if child.type == "identifier"]
        collection = next(child for child in node.children if child.type == "expression")
        return (names[0] if len(names) == 2 else None, names[-1], self.expression(collection))

    def for_tuple(self, node: Node) -> Expression:
        item = next(child for child in node.children if child.type == "expression")
        return ForTuple(
            *self.intro(node.children[1]),
            self.expression(item),
            self.condition(node),
            self.spans(node),
        )

    def for_object(self, node: Node) -> Expression:
        key, item = (child for child in node.children if child.type == "expression")
        return ForObject(
            *self.intro(node.children[1]),
            self.expression(key),
            self.expression(item),
            self.condition(node),
            any(child.type == "ellipsis" for child in node.children),
            self.spans(node),
        )

    def condition(self, node: Node) -> Expression | None:
        condition = next((child for child in node.children if child.type == "for_cond"), None)
        return self.expression(condition.children[1]) if condition else None


_BUILD: dict[str, Callable[[_TreeSitterBuilder, Node], Expression]] = {
    "literal_value": _TreeSitterBuilder.only,
    "collection_value": _TreeSitterBuilder.only,
    "for_expr": _TreeSitterBuilder.only,
    "operation": _TreeSitterBuilder.only,
    "string_lit": _TreeSitterBuilder.string,
    "numeric_lit": _TreeSitterBuilder.literal,
    "bool_lit": _TreeSitterBuilder.identifier,
    "null_lit": _TreeSitterBuilder.identifier,
    "variable_expr": _TreeSitterBuilder.identifier,
    "tuple": _TreeSitterBuilder.sequence,
    "object": _TreeSitterBuilder.mapping,
    "function_call": _TreeSitterBuilder.call,
    "conditional": _TreeSitterBuilder.conditional,
    "unary_operation": _TreeSitterBuilder.unary,
    "binary_operation": _TreeSitterBuilder.binary,
    "for_tuple_expr": _TreeSitterBuilder.for_tuple,
    "for_object_expr": _TreeSitterBuilder.for_object,
}
