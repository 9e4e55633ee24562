"""Expressions to values: the whole of Terraform's expression language, with unknown parts kept
symbolic.

Terraform's own errors (a missing attribute, a failed conversion) are Faults inside, so that
``try`` and ``can`` see them; outside they are Unknown with the reason. What stands beside a faulty
member of a list or object stays known.

Source: the Terraform documentation, "Expressions"; compared with ``terraform console`` in the
tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...symbolic.budget import OverBudget, current
from ...symbolic.empty import made_of
from ...symbolic.faults import contained
from ...symbolic.jsontext import Piece
from ...symbolic.records import replace
from ...symbolic.source import NOWHERE, Span
from ...symbolic.terms import operation
from ...symbolic.values import (
    Entries,
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    first,
    literal,
)
from ..syntax.nodes import (
    Binary,
    Conditional,
    Expression,
    ForObject,
    ForTuple,
    FunctionCall,
    GetAttr,
    Identifier,
    IndexAccess,
    Literal,
    Object,
    Splat,
    SplatItem,
    TemplateExpression,
    Tuple,
    Unary,
)
from . import interpolation, loops, operators
from .access import attribute, element, splat_elements
from .coerce import coerce
from .comparison import equal
from .faults import EvaluationFault, NotComputable
from .functions import CallContext, call
from .scope import ExpressionScope
from .sizes import Sizes
from .structured_text import with_structure
from .symbols import branches, cause, derived, named
from .value_types import ANY, BOOL, STRING, type_of, unify

#: The most steps of the unit's budget that one expression takes, loops included.
MAX_STEPS = 300_000

Names = Mapping[str, Value]
#: Where a Splat's element stands among the names; no name in HCL has a star.
_SPLAT = "*"


def evaluate(expression: Expression, scope: ExpressionScope, names: Names | None = None) -> Value:
    """The value of ``expression`` in ``scope``, ``names`` being its loop variables. Never raises
    for anything that scanned code says: an error of Terraform's is Unknown with the reason."""
    try:
        budget = current()
        if isinstance(expression, Literal) and expression.is_plain:
            budget.charge(10)
            return Known(expression.value, expression.span)
        with budget.share(MAX_STEPS):
            budget.charge(8)  # what it takes to begin
            return contained(
                lambda: Evaluator(scope).value(expression, names or {}),
                lambda why: why,
                "an expression",
                expression.span,
                passing=(EvaluationFault, NotComputable, RecursionError),
            )
    except OverBudget as over:
        return replace(over.unknown, span=expression.span)
    except EvaluationFault as fault:
        if not scope.is_possible:
            fault.refuse(scope.path_condition, expression.span)
        return fault.unknown(expression.span)
    except NotComputable as undecided:
        return replace(undecided.unknown, span=expression.span)
    except RecursionError:
        return Unknown("the expression is nested too deeply", why=Why.LIMIT, span=expression.span)


class Evaluator:
    """One evaluation. ``is_tried`` while inside ``try`` and ``can``, where every Fault counts;
    ``is_possible`` inside what Terraform may not evaluate at all."""

    def __init__(self, scope: ExpressionScope) -> None:
        self.scope, self.path_condition = scope, scope.path_condition
        self.step, self.sizes = current().charge, Sizes()
        self.is_tried, self.is_possible = False, scope.is_possible

    def value(self, expression: Expression, names: Names) -> Value:
        """Raises Fault and Undecided."""
        self.step(2)
        result = _METHODS[type(expression)](self, expression, names)
        if isinstance(result, Unknown):
            return self.path_condition.value(result)
        if result.span is NOWHERE:  # written in no file of the root: it stands where it is used
            result = replace(result, span=expression.span)
        # What is large took long to make.
        self.step(self.sizes.added(result))
        return result

    def member(self, expression: Expression, names: Names) -> Value:
        """The value of a list's or object's member, which leaves those beside it alone."""
        return self._recovered(expression, names, faults_count=self.is_tried)

    def possible(self, expression: Expression, names: Names) -> Value:
        """The value of what Terraform may not evaluate at all: no Fault of it counts."""
        outer, self.is_possible = self.is_possible, True
        try:
            return self._recovered(expression, names, faults_count=False)
        finally:
            self.is_possible = outer

    def _recovered(self, expression: Expression, names: Names, *, faults_count: bool) -> Value:
        try:
            return self.value(expression, names)
        except NotComputable as undecided:
            return replace(undecided.unknown, span=expression.span)
        except EvaluationFault as fault:
            if faults_count:
                raise
            if not self.is_possible:
                fault.refuse(self.path_condition, expression.span)
            return fault.unknown(expression.span)

    # -- literals and structures -------------------------------------------------------------------

    def literal(self, expression: Literal, _names: Names) -> Value:
        """A number, string, bool or null."""
        if isinstance(expression.value, float):
            return operators.number(operators.exact(expression.value), expression.span)
        known = Known(expression.value, expression.span)
        if expression.begins is None:
            return known
        return with_structure(
            known, [Piece(known, expression.begins, expression.margin)], is_raw=True
        )

    def sequence(self, expression: Tuple, names: Names) -> Value:
        """``[a, b]``."""
        return Items(
            tuple(self.member(item, names) for item in expression.items), span=expression.span
        )

    def mapping(self, expression: Object, names: Names) -> Value:
        """``{ a = b }``; open where a key is not known."""
        entries: dict[str, Value] = {}
        spans: dict[str, Span] = {}
        remainder: Unknown | None = None
        for item in expression.items:
            key = self.key(item.key, names)
            value = self.member(item.value, names)
            if isinstance(key, Unknown):
                # It may be the key of any member that was written before it.
                remainder = first(remainder, key)
                entries = {name: replace(key, span=old.span) for name, old in entries.items()}
            else:
                entries[key], spans[key] = value, item.key.span
        return Entries(tuple(entries.items()), remainder, expression.span, tuple(spans.items()))

    def key(self, expression: Expression, names: Names) -> str | Unknown:
        """An object's key; Unknown, without a symbol, when it is not known what it reads."""
        key = coerce(self.value(expression, names), STRING)
        if key == Known(None):
            raise EvaluationFault("a key is null")
        known = literal(key)
        return replace(cause(key), symbol=None) if known is None else known

    # -- names and traversals ----------------------------------------------------------------------

    def name(self, expression: Identifier, names: Names) -> Value:
        """The root of a traversal, or a loop's variable."""
        if expression.name in names:
            return names[expression.name]
        return self.scope.root(expression.name, expression.span)

    def get_attr(self, expression: GetAttr, names: Names) -> Value:
        """``a.b``."""
        whole = self.value(expression.object, names)
        value = attribute(whole, expression.name, self.scope, expression.span)
        # What is known stands where it is written; what is not, where it is used.
        return replace(value, span=expression.span) if isinstance(value, Unknown) else value

    def index(self, expression: IndexAccess, names: Names) -> Value:
        """``a[b]``."""
        whole, key = self.value(expression.object, names), self.value(expression.key, names)
        return self.element(whole, key, expression.span)

    def element(self, collection: Value, key: Value, span: Span) -> Value:
        """``collection[key]`` where the evaluation is."""
        tried, possible = self.is_tried, self.is_possible
        return element(collection, key, self.scope, span, is_tried=tried, is_possible=possible)

    def splat_item(self, _expression: SplatItem, names: Names) -> Value:
        """The element that a splat is at."""
        return names[_SPLAT]

    def splat(self, expression: Splat, names: Names) -> Value:
        """``a[*].b``, ``a.*.b``."""
        source = self.value(expression.object, names)
        if isinstance(source, Unknown):
            each = replace(source, symbol=operation("[*]", source.symbol))
            projected = self.value(expression.each, {**names, _SPLAT: each})
            remainder = projected if isinstance(projected, Unknown) else each
            return Items((), replace(remainder, span=expression.span), expression.span)
        elements = splat_elements(source, self.scope, expression.span)
        items = tuple(
            self.member(expression.each, {**names, _SPLAT: item}) for item in elements.items
        )
        return made_of(replace(elements, items=items, span=expression.span), [source])

    # -- operators ---------------------------------------------------------------------------------

    def unary(self, expression: Unary, names: Names) -> Value:
        """``!a``, ``-a``."""
        value = self.value(expression.operand, names)
        operation = operators.negation if expression.operator == "!" else operators.minus
        return operation(value, expression.span)

    def binary(self, expression: Binary, names: Names) -> Value:
        """``a && b``, ``a == b``, ``a + b`` ..."""
        left = self.value(expression.left, names)
        if expression.operator in ("&&", "||"):
            side = operators.operand(left, BOOL)
            if isinstance(side, Known) and side.value is (expression.operator == "||"):
                if side.origin is None:
                    return replace(side, span=expression.span)
                right = self.possible(expression.right, names)
                if not isinstance(right, Known) or not isinstance(right.value, bool):
                    return replace(side, span=expression.span)
                return operators.logical(expression.operator, side, right, expression.span)
        right = self.value(expression.right, names)
        return operators.binary(
            expression.operator, left, right, self.path_condition, expression.span
        )

    def conditional(self, expression: Conditional, names: Names) -> Value:
        """``a ? b : c``: the side that this world takes, else what both share."""
        condition = self.value(expression.condition, names)
        side = operators.holds(condition, self.path_condition)
        if side is None:
            then = self.possible(expression.then, names)
            otherwise = self.possible(expression.otherwise, names)
            if equal(then, otherwise):
                return then
            return Unknown(
                f"it depends on {named(condition)}",
                branches(condition, then, otherwise),
                Why.CONDITION,
                span=expression.span,
            )
        taken, other = (
            (expression.then, expression.otherwise)
            if side
            else (expression.otherwise, expression.then)
        )
        return self.unified(self.value(taken, names), other, names)

    def unified(self, value: Value, other: Expression, names: Names) -> Value:
        """The side of a conditional that is taken, as the type that both sides share."""
        mine = type_of(value)
        if mine in (ANY, STRING) or (isinstance(other, Literal) and other.value is None):
            return value
        kind = unify([mine, type_of(self.possible(other, names))])
        if kind is None:
            raise EvaluationFault("the two sides of a condition have different types")
        return coerce(value, kind)

    # -- functions ---------------------------------------------------------------------------------

    def call(self, expression: FunctionCall, names: Names) -> Value:
        """A function's call; ``try`` and ``can`` evaluate their arguments themselves."""
        name = expression.function.removeprefix("core::")
        if name in ("try", "can"):
            return (self.tried if name == "try" else self.can)(expression, names)
        arguments = [self.value(argument, names) for argument in expression.arguments]
        if name == "lookup" and len(arguments) == 2:  # without a default it is an index
            return self.element(arguments[0], arguments[1], expression.span)
        is_open = expression.expand and _spread(arguments)
        context = CallContext(
            name, expression.span, self.scope, expression.arguments, is_open, self.rendered
        )
        try:
            self.step(12 + sum(map(self._worth, arguments)))
            return made_of(call(context, arguments), arguments)
        except NotComputable as undecided:
            return replace(undecided.unknown, span=expression.span)

    def _worth(self, argument: Value) -> int:
        """What a function costs that looks at all of the argument; of a text each hole is made
        anew."""
        return self.sizes.of(argument) // (2 if isinstance(argument, Text) else 8)

    def rendered(self, template: Expression, names: Names, remainder: Unknown | None) -> Value:
        """A template of ``templatefile`` or ``templatestring``, which sees ``names`` alone;
        ``remainder`` says why there may be more of them."""
        if isinstance(self.scope, interpolation.TemplateFileScope):
            raise EvaluationFault("a template cannot render another one")
        inner = Evaluator(interpolation.TemplateFileScope(self.scope, remainder))
        inner.is_tried = self.is_tried
        return inner.value(template, names)

    def tried(self, expression: FunctionCall, names: Names) -> Value:
        """``try(a, b)``: the first that is no fault."""
        outer, self.is_tried = self.is_tried, True
        try:
            reason = "no expression is given to 'try'"
            for argument in expression.arguments:
                try:
                    return self.value(argument, names)
                except EvaluationFault as fault:
                    reason = fault.reason
            raise EvaluationFault(reason)
        finally:
            self.is_tried = outer

    def can(self, expression: FunctionCall, names: Names) -> Value:
        """``can(a)``: is it no fault?"""
        if len(expression.arguments) != 1:
            raise EvaluationFault("'can' takes one expression")
        outer, self.is_tried = self.is_tried, True
        try:
            value = self.value(expression.arguments[0], names)
        except EvaluationFault:
            return Known(False, expression.span)
        finally:
            self.is_tried = outer
        if _holds_unknown(value):
            return derived("can", value, span=expression.span)
        return Known(True, expression.span)


_METHODS: dict[type, Callable[[Evaluator, Any, Names], Value]] = {
    Literal: Evaluator.literal,
    Tuple: Evaluator.sequence,
    Object: Evaluator.mapping,
    Identifier: Evaluator.name,
    GetAttr: Evaluator.get_attr,
    IndexAccess: Evaluator.index,
    SplatItem: Evaluator.splat_item,
    Splat: Evaluator.splat,
    FunctionCall: Evaluator.call,
    Unary: Evaluator.unary,
    Binary: Evaluator.binary,
    Conditional: Evaluator.conditional,
    TemplateExpression: interpolation.template,
    ForTuple: loops.for_tuple,
    ForObject: loops.for_object,
}


def _spread(arguments: list[Value]) -> bool:
    """Replaces the last argument by its elements (``f(list...)``); whether there may be more of
    them, which one unknown argument at the end then stands for."""
    last = arguments.pop()
    if isinstance(last, Items):
        arguments.extend(last.items)
        if last.remainder is None:
            return False
    elif not isinstance(last, (Unknown, Reference)):
        raise EvaluationFault("only a list can be expanded into arguments")
    arguments.append(derived("...", last, span=last.span))
    return True


def _holds_unknown(value: Value) -> bool:
    """Is some of it not known, but for attributes of resources, which never fail?"""
    if isinstance(value, Items):
        return value.remainder is not None or any(map(_holds_unknown, value.items))
    if isinstance(value, Entries):
        return value.remainder is not None or any(_holds_unknown(item) for _, item in value.entries)
    if isinstance(value, Text):
        return any(isinstance(part, Unknown) for part in value.parts)
    return isinstance(value, Unknown)
