"""What building the syntax tree has in common, whichever parser found its parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Union

from .lexical import Code
from .syntax import (
    Attribute,
    Block,
    Body,
    Expression,
    GetAttr,
    Index,
    Literal,
    Name,
    Number,
    Splat,
    SplatItem,
    SyntaxFault,
)
from .text import MAX_DEPTH, Text, across
from ..source import Span

_KEYWORDS: dict[str, None | bool] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a traversal: ``.name`` (a str), ``[key]`` or ``.0`` (an expression), ``[*]`` or
    ``.*`` (None). ``dotted`` when it is written with a dot."""

    step: Union[str, Expression, None]
    dotted: bool
    span: Span


def traversal(start: Expression, steps: list[Step]) -> Expression:
    """``start`` followed by ``steps``: ``[*]`` takes all that follow into its ``each``, ``.*`` those
    that are written with a dot."""
    if len(steps) > MAX_DEPTH:
        raise SyntaxFault(f"more than {MAX_DEPTH} steps in one traversal", across(start.span, steps[-1].span))
    result = start
    for position, step in enumerate(steps):
        span = across(result.span, step.span)
        if isinstance(step.step, str):
            result = GetAttr(result, step.step, span)
        elif step.step is not None:
            result = Index(result, step.step, span)
        else:
            rest = steps[position + 1:]
            taken = len(rest) if not step.dotted else next(
                (n for n, after in enumerate(rest) if not after.dotted), len(rest))
            if step.dotted and any(after.step is None for after in rest[:taken]):
                raise SyntaxFault("'.*' cannot stand inside another '.*'", rest[taken - 1].span)
            each = traversal(SplatItem(step.span), rest[:taken])
            splat = Splat(result, each, not step.dotted, across(result.span, each.span))
            return traversal(splat, rest[taken:])
    return result


def spanning(expression: Expression, span: Span) -> Expression:
    """The expression, said to span its parentheses as well."""
    return replace(expression, span=span)


def name(text: Text, start: int, end: int) -> Expression:
    """A bare identifier: a keyword's value or the start of a traversal."""
    word, span = text.text[start:end], text.span(start, end)
    return Literal(_KEYWORDS[word], span) if word in _KEYWORDS else Name(word, span)


def object_key(text: Text, key: Expression, start: int, end: int) -> Expression:
    """An object's key: bare words (keywords too) are strings."""
    word = text.text[start:end]
    return Literal(word, key.span) if isinstance(key, Name) and key.name == word or word in _KEYWORDS else key


def number(text: Text, start: int, end: int) -> Literal:
    """A decimal number. Raises SyntaxFault for one beyond all reason."""
    digits = text.text[start:end]
    try:
        value: Number = int(digits) if digits.isdecimal() else float(digits)
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
            value = int(value)
        if value != float("inf"):
            return Literal(value, text.span(start, end))
    except ValueError:
        pass
    raise text.fault("not a number that can be read", start, end)


def body(text: Text, code: Code, items: list[tuple[int, Attribute | Block, int]],
         span: Span) -> Body:
    """The items (start, item, end) of a body, each checked to stand on lines of its own."""
    masked, previous = code.masked, -1
    for start, item, end in items:
        if previous >= 0 and "\n" not in masked[previous - code.start:start - code.start]:
            raise text.fault("a new line is missing before this", start, end)
        if isinstance(item, Attribute) and (
                cut := masked.find("\n", start - code.start, end - code.start)) >= 0:
            raise text.fault("the expression must end on its line, or stand in parentheses",
                             code.start + cut)
        previous = end
    return Body(tuple(item for _, item, _ in items if isinstance(item, Attribute)),
                tuple(item for _, item, _ in items if isinstance(item, Block)), span)
