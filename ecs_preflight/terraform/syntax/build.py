"""What building the syntax tree has in common, whichever parser found its parts."""

from __future__ import annotations

from collections.abc import Sequence
from sys import intern
from typing import Union

from ...symbolic.patterns import regex
from ...symbolic.records import dataclass, replace
from ...symbolic.source import Span, beyond
from . import numeric, strings
from .lexical import Code
from .nodes import (
    Attribute,
    Binary,
    Block,
    Body,
    Expression,
    GetAttr,
    Identifier,
    IndexAccess,
    Literal,
    Object,
    ObjectItem,
    Splat,
    SplatItem,
    SyntaxFault,
)
from .text import MAX_DEPTH, SourceText, across

_TOKEN = regex(r" *(\w[\w-]*|.|\n)")
#: The start and end of a node, as the parser counts.
Target = tuple[int, int]
#: A key and a value, each after its place.
Pair = tuple[Target, Expression, Target, Expression]

_KEYWORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_BINDS = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    ">": 4,
    "<=": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
OPERATORS = frozenset(_BINDS)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a traversal: ``.name`` (a str), ``[key]`` or ``.0`` (an expression), ``[*]`` or
    ``.*`` (None). ``dotted`` when it is written with a dot."""

    step: Union[str, Expression, None]
    dotted: bool
    span: Span


@dataclass
class Builder:
    """The code at hand; what the parser calls position 0 is the text's offset ``base``."""

    text: SourceText
    code: Code
    base: int
    depth: int = 0

    def span(self, start: int, end: int) -> Span:
        """The span of offsets within the code at hand."""
        return self.text.span(self.base + start, self.base + end)

    def word(self, start: int, end: int) -> str:
        """What stands between the offsets, one string for all places where it stands."""
        return intern(self.text.text[self.base + start : self.base + end])

    def masked(self, start: int, end: int) -> str:
        """The same, with strings and comments blanked."""
        shift = self.base - self.code.start
        return self.code.masked[start + shift : end + shift]

    def fault(self, reason: str, start: int, end: int) -> SyntaxFault:
        """A fault of syntax between the offsets, to be raised."""
        return self.text.fault(reason, self.base + start, self.base + end)

    def unexpected(self, position: int) -> SyntaxFault:
        """The fault of what stands at ``position``, which no rule of the grammar expects there."""
        masked, first = self.code.masked, self.code.start
        found = _TOKEN.match(masked, max(position + self.base - first, 0))
        if not found:
            end = first + len(masked)
            return self.text.fault("unexpected end", end, end)
        start, end = first + found.start(1), first + found.end()
        if start in self.code.strings:
            return self.text.fault("unexpected string", start, self.code.strings[start].end)
        if self.text.text.startswith(("\n", "\r\n"), start):
            return self.text.fault("unexpected end of the line", start, start)
        return self.text.fault(f"unexpected '{self.text.text[start:end][:40]}'", start, end)

    def deeper(self, start: int, end: int) -> None:
        """Counts one level of nesting; whoever calls it takes the level off ``depth`` again."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fault(beyond(f"nested deeper than {MAX_DEPTH} levels"), start, end)

    def name(self, start: int, end: int) -> Expression:
        """A bare identifier: a keyword's value or the start of a traversal."""
        word, span = self.word(start, end), self.span(start, end)
        if "::" in word:
            raise self.fault("only a function's name can hold '::'", start, end)
        return Literal(_KEYWORDS[word], span) if word in _KEYWORDS else Identifier(word, span)

    def names(self, start: int, masked: str) -> Expression:
        """Names and the dots between them, as they are ``masked``."""
        first, *others = masked.split(".")
        end = start + len(first)
        result = self.name(start, end)
        for other in others:
            dot, end = end, end + 1 + len(other)
            result = GetAttr(result, self.word(dot + 1, end), self.span(start, end))
        return result

    def object(self, items: Sequence[Pair], span: Span) -> Object:
        """An object of these keys and values. A bare word as key (a keyword too) is a string."""
        previous: int | None = None
        found: list[ObjectItem] = []
        for (start, end), key, (begin, stop), value in items:
            if previous is not None and "," not in self.masked(previous, start):
                raise self.fault("a comma or new line is missing before this", start, end)
            if self.masked(end, begin).strip() not in ("=", ":"):
                raise self.fault("'=' is missing before this", begin, stop)
            word, previous = self.word(start, end), stop
            is_word = word in _KEYWORDS or (isinstance(key, Identifier) and key.name == word)
            found.append(ObjectItem(Literal(word, key.span) if is_word else key, value))
        return Object(tuple(found), span)

    def number(self, start: int, end: int) -> Literal:
        """A decimal number. Raises SyntaxFault for one beyond all reason."""
        digits = self.word(start, end)
        if len(digits) < 20 and digits.isdecimal():
            return Literal(int(digits), self.span(start, end))
        try:
            value = numeric.parse(digits)
        except OverflowError as error:
            raise self.fault(beyond(str(error)), start, end) from None
        if value is None:
            raise self.fault("not a number that can be read", start, end)
        return Literal(value, self.span(start, end))

    def label(self, start: int, end: int) -> str:
        """A block's label, quoted or bare."""
        quote = self.code.strings.get(self.base + start)
        if quote is None:
            return self.word(start, end)
        label = strings.plain(self.text, quote)
        if label is None or not quote.escapes:
            raise self.fault("a block's label must be a plain string", start, end)
        return label.value

    def body(self, items: Sequence[tuple[Target, Attribute | Block]], span: Span) -> Body:
        """The items, each with its start and end, on lines of its own."""
        previous: int | None = None
        masked, shift = self.code.masked, self.base - self.code.start
        for (start, end), item in items:
            if previous is not None and masked.find("\n", previous + shift, start + shift) < 0:
                raise self.fault("a new line is missing before this", start, end)
            head = end + shift
            if isinstance(item, Block):
                head = masked.index("{", start + shift, head)
            cut = masked.find("\n", start + shift, head)
            if cut >= 0:
                raise self.fault("the line ends too early", cut - shift, cut - shift + 1)
            previous = end
        return Body(
            tuple(item for _, item in items if isinstance(item, Attribute)),
            tuple(item for _, item in items if isinstance(item, Block)),
            span,
        )


def traversal(start: Expression, steps: Sequence[Step]) -> Expression:
    """``start`` followed by ``steps``: ``[*]`` takes all that follow into its ``each``, ``.*``
    those that are written with a dot."""
    if len(steps) > MAX_DEPTH:
        raise SyntaxFault(
            beyond(f"more than {MAX_DEPTH} steps in one traversal"),
            across(start.span, steps[-1].span),
        )
    result = start
    for position, step in enumerate(steps):
        span = across(result.span, step.span)
        if isinstance(step.step, str):
            result = GetAttr(result, step.step, span)
        elif step.step is not None:
            result = IndexAccess(result, step.step, span)
        else:
            return _splat(result, step, steps[position + 1 :])
    return result


def _splat(collection: Expression, splat: Step, remainder: Sequence[Step]) -> Expression:
    taken = len(remainder)
    if splat.dotted:
        taken = next((place for place, step in enumerate(remainder) if not step.dotted), taken)
        nested = next((step for step in remainder[:taken] if step.step is None), None)
        if nested:
            raise SyntaxFault("'.*' cannot follow another '.*'", nested.span)
    each = traversal(SplatItem(splat.span), remainder[:taken])
    result = Splat(collection, each, not splat.dotted, across(collection.span, each.span))
    return traversal(result, remainder[taken:])


def operation(operands: Sequence[Expression], operators: Sequence[str]) -> Expression:
    """``operands`` with ``operators`` between them, bound by precedence, each to the left."""
    if len(operators) > MAX_DEPTH:
        raise SyntaxFault(
            beyond(f"more than {MAX_DEPTH} operators in one expression"),
            across(operands[0].span, operands[-1].span),
        )
    output, waiting = [operands[0]], list[str]()
    for operator, operand in zip(operators, operands[1:], strict=True):
        while waiting and _BINDS[waiting[-1]] >= _BINDS[operator]:
            _bind(output, waiting.pop())
        waiting.append(operator)
        output.append(operand)
    while waiting:
        _bind(output, waiting.pop())
    return output[0]


def _bind(output: list[Expression], operator: str) -> None:
    right, left = output.pop(), output.pop()
    output.append(Binary(operator, left, right, across(left.span, right.span)))


def spanning(expression: Expression, span: Span) -> Expression:
    """The expression, said to span its parentheses as well."""
    return replace(expression, span=span)
