"""String templates: interpolations, directives, and the JSON that a template is the text of.

Source: the Terraform documentation, "Strings and Templates".
"""

from __future__ import annotations

from collections.abc import Iterator

from ...symbolic.jsontext import Piece
from ...symbolic.records import replace
from ...symbolic.source import Span
from ...symbolic.values import (
    Entries,
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    text,
)
from ..syntax.nodes import TemplateExpression, TemplateFor, TemplateIf
from . import operators
from .comparison import equal
from .faults import EvaluationFault, beyond_limits
from .loops import elements
from .scope import ExpressionEvaluator, ExpressionScope, Names
from .sizes import CHARACTERS, MAX_ITEMS, MAX_TEXT
from .structured_text import with_structure
from .symbols import branches as branch_term
from .symbols import cause, named


def template(evaluator: ExpressionEvaluator, expression: TemplateExpression, names: Names) -> Value:
    """The text; a single interpolation keeps its value's type."""
    if len(expression.parts) == 1:
        part = expression.parts[0]
        if not isinstance(part, (str, TemplateIf, TemplateFor)):
            return evaluator.value(part, names)
    pieces: list[Piece] = []
    length = 0
    for piece in _pieces(evaluator, expression, names, expression.span):
        pieces.append(piece)
        length += _length(piece.value)
        if length > MAX_TEXT or len(pieces) > MAX_ITEMS:
            raise beyond_limits("a text")
    evaluator.step(4 + length // CHARACTERS)
    whole = text([piece.value for piece in pieces], expression.span)
    if isinstance(whole, Unknown):
        return whole
    evaluator.step(len(whole.parts) if isinstance(whole, Text) else 0)
    return with_structure(whole, pieces, is_raw=bool(expression.begins))


def _length(value: Value) -> int:
    parts = value.parts if isinstance(value, Text) else [getattr(value, "value", "")]
    return sum(len(part) if isinstance(part, str) else 1 for part in parts)


def _pieces(
    evaluator: ExpressionEvaluator, expression: TemplateExpression, names: Names, whole: Span
) -> Iterator[Piece]:
    """The template's parts, each with its place, directives carried out."""
    for position, part in enumerate(expression.parts):
        if isinstance(part, TemplateIf):
            yield from _condition(evaluator, part, names, whole)
        elif isinstance(part, TemplateFor):
            yield from _loop(evaluator, part, names, whole)
        elif not isinstance(part, str):
            yield Piece(_interpolated(evaluator.value(part, names)), part.span)
        elif expression.begins:
            yield Piece(Known(part), expression.begins[position], expression.margin)
        else:
            yield Piece(Known(part), whole)


def _condition(
    evaluator: ExpressionEvaluator, directive: TemplateIf, names: Names, whole: Span
) -> Iterator[Piece]:
    condition = evaluator.value(directive.condition, names)
    side = operators.holds(condition, evaluator.path_condition)
    branches = (directive.then, directive.otherwise)
    if side is not None:
        branch = branches[0 if side else 1]
        if branch is not None:
            yield from _pieces(evaluator, branch, names, whole)
        return
    then, otherwise = (
        evaluator.possible(branch, names) if branch else Known("") for branch in branches
    )
    if equal(then, otherwise):
        yield Piece(then, directive.span)
    else:
        symbol = branch_term(condition, then, otherwise)
        yield Piece(
            Unknown(
                f"it depends on {named(condition)}", symbol, Why.CONDITION, span=directive.span
            ),
            directive.span,
        )


def _loop(
    evaluator: ExpressionEvaluator, directive: TemplateFor, names: Names, whole: Span
) -> Iterator[Piece]:
    collection = evaluator.value(directive.collection, names)
    over = elements(collection, evaluator.scope, directive.span)
    if over.remainder is not None or (over.is_unordered and len(over.pairs) > 1):
        reason = cause(collection) if over.remainder is None else over.remainder
        yield Piece(replace(reason, symbol=None, span=directive.span), directive.span)
        return
    for key, value in over.pairs:
        evaluator.step()
        seen = {**names, directive.value: value}
        if directive.key is not None:
            seen[directive.key] = key
        yield from _pieces(evaluator, directive.body, seen, whole)


def _interpolated(value: Value) -> Value:
    if value == Known(None):
        raise EvaluationFault("null cannot stand inside a string")
    is_whole = isinstance(value, Reference) and value.attribute in ("", "*")
    if is_whole or isinstance(value, (Items, Entries)):
        raise EvaluationFault("a list, map or resource cannot stand inside a string")
    return value


class TemplateFileScope:
    """The scope of a template file: its variables are names, and there is nothing else."""

    def __init__(self, outer: ExpressionScope, remainder: Unknown | None) -> None:
        self.remainder = remainder
        self.path_condition, self.boundary = outer.path_condition, outer.boundary
        self.module_folder, self.root_folder = outer.module_folder, outer.root_folder
        self.is_possible = outer.is_possible
        self.attribute, self.element, self.whole = outer.attribute, outer.element, outer.whole
        self.call = outer.call

    def root(self, name: str, span: Span) -> Value:
        """A variable that the call of ``templatefile`` passes. Raises EvaluationFault for
        others."""
        if self.remainder is not None:
            return replace(self.remainder, symbol=None, span=span)
        raise EvaluationFault(f"the template's variables have no '{name}'")
