"""Terraform's operators on values, known and symbolic.

What operands that are not known compute has a canonical term, so that the same condition is the
same choice wherever it stands: ``x != y`` is ``!(x == y)``, ``a >= b`` is ``!(a < b)``, ``a > b``
with a name on both sides is ``(b < a)``, ``length(x) > 0`` is ``!(length(x) == 0)``.

Source: the Terraform documentation, "Arithmetic and Logical Operators"; cty's arithmetic.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from functools import cache

from ...symbolic.decision_points import DecisionPoint
from ...symbolic.records import replace
from ...symbolic.source import Span
from ...symbolic.terms import (
    Constant,
    Name,
    Operation,
    Term,
    in_order,
    is_negation,
    negated,
    operation,
    terms_in,
)
from ...symbolic.values import Known, Text, Unknown, Value, Why
from ...symbolic.worlds import PathCondition
from ..syntax import numeric
from .coerce import coerce
from .comparison import equal
from .faults import EvaluationFault, NotComputable, beyond_limits
from .symbols import derived, symbol_of
from .value_types import BOOL, NUMBER, Type


def exact(value: float) -> Fraction:
    """The number that a literal writes. Raises Undecided for one beyond all reason."""
    try:
        return numeric.exact(value)
    except OverflowError:
        raise beyond_limits("a number") from None


def binary(
    name: str, left: Value, right: Value, path_condition: PathCondition, span: Span
) -> Value:
    """``left name right``. Raises Fault and Undecided."""
    if name in ("&&", "||"):
        return logical(name, operand(left, BOOL), operand(right, BOOL), span)
    if name == "==":
        return equality(left, right, path_condition, span)
    if name == "!=":
        return negation(equality(left, right, path_condition, span), span)
    left, right = operand(left, NUMBER), operand(right, NUMBER)
    if name in _COMPARISONS:
        return _comparison(name, left, right, path_condition, span)
    if isinstance(left, Known) and isinstance(right, Known):
        return number(_ARITHMETIC[name](_fraction(left), _fraction(right)), span)
    if name in ("+", "*"):
        left, right = _ordered(left, right)
    return derived(name, left, right, span=span)


def operand(value: Value, kind: Type) -> Value:
    """An operand as operators convert it; null is refused."""
    if value == Known(None):
        raise EvaluationFault("an operand is null")
    return coerce(value, kind)


def number(value: Fraction | int, span: Span) -> Known:
    """The number as a value. Raises NotComputable for one that is too large."""
    try:
        return Known(numeric.number(value), span)
    except OverflowError:
        raise beyond_limits("a number") from None


def minus(value: Value, span: Span) -> Value:
    """``-value``."""
    value = operand(value, NUMBER)
    if isinstance(value, Known):
        return number(-_fraction(value), span)
    return derived("-", value, span=span)


def negation(value: Value, span: Span) -> Value:
    """``!value``."""
    value = operand(value, BOOL)
    if isinstance(value, Known):
        return Known(not value.value, span, origin=negated(value.origin))
    if isinstance(value, Unknown):
        return replace(value, symbol=negated(value.symbol), span=span)
    return derived("!", value, span=span)


def logical(name: str, left: Value, right: Value, span: Span) -> Value:
    """``&&`` and ``||``: one side may decide although the other is not known."""
    decisive = name == "||"
    if isinstance(left, Known) and isinstance(right, Known):
        found = decisive if decisive in (left.value, right.value) else not decisive
        return Known(found, span, origin=_turning(name, decisive, left, right))
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Known):
            if one.value is decisive:
                return Known(decisive, span, origin=one.origin)
            return replace(other, span=span)
    mine, theirs = symbol_of(left), symbol_of(right)
    if mine is not None and mine == theirs:
        return replace(left, span=span)
    if mine is not None and mine == negated(theirs):
        return Known(decisive, span)
    left, right = _ordered(left, right)
    return derived(name, left, right, span=span)


def _turning(name: str, decisive: bool, left: Known, right: Known) -> Term | None:
    """What must be otherwise for ``left name right`` to be otherwise: one side or both."""
    deciding = [side for side in (left, right) if side.value is decisive]
    if not deciding:
        return left.origin or right.origin
    terms = [side.origin for side in deciding]
    known = in_order(term for term in terms if term is not None)
    if len(known) < len(terms):
        return None
    return known[0] if len(known) == 1 else operation(name, *known)


# -- equality and order ----------------------------------------------------------------------------


def equality(left: Value, right: Value, path_condition: PathCondition, span: Span) -> Value:
    """``left == right``, asked of the inquiry where an unknown meets a known scalar."""
    same = equal(left, right)
    if same is not None:
        return Known(same, span, origin=_comparison_of(left, right))
    left, right = _ordered(left, right)
    if (
        isinstance(left, Text)
        and isinstance(right, Known)
        and isinstance(left.parts[0], Unknown)
        and len(left.parts) == 1
    ):
        left = left.parts[0]  # a string of which nothing is known
    if isinstance(left, Unknown) and isinstance(right, Known):
        if isinstance(right.value, bool):
            return replace(left, span=span) if right.value else negation(left, span)
        answer = path_condition.equals(left, right.value)
        if answer is not None:
            return Known(answer, span)
    return derived("==", left, right, span=span)


def _comparison_of(left: Value, right: Value) -> Term | None:
    """``input == constant``, where the input has its value by default."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Known) and isinstance(other, Known) and one.origin is not None:
            if other.origin is not None:
                return None
            if isinstance(other.value, bool):
                return one.origin if other.value else negated(one.origin)
            return operation("==", one.origin, Constant(other.value))
    return None


def _ordered(left: Value, right: Value) -> tuple[Value, Value]:
    """The two in an order that does not hang on how they were written."""
    terms = symbol_of(left), symbol_of(right)
    if terms[0] is None or terms[1] is None:
        return (right, left) if isinstance(left, Known) else (left, right)
    return (left, right) if in_order((terms[0], terms[1]))[0] == terms[0] else (right, left)


_COMPARISONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _comparison(
    name: str, left: Value, right: Value, path_condition: PathCondition, span: Span
) -> Value:
    if isinstance(left, Known) and isinstance(right, Known):
        return Known(_COMPARISONS[name](_fraction(left), _fraction(right)), span)
    if isinstance(left, Known) or (name in (">", "<=") and not isinstance(right, Known)):
        return _comparison(_FLIPPED[name], right, left, path_condition, span)
    if isinstance(left, Unknown) and _is_length(left.symbol) and isinstance(right, Known):
        limit = _fraction(right)
        empty = {("<", 1): True, ("<=", 0): True, (">", 0): False, (">=", 1): False}.get(
            (name, int(limit) if limit in (0, 1) else -1)
        )
        if empty is not None:
            whether = equality(left, Known(0), path_condition, span)
            return whether if empty else negation(whether, span)
    if name in (">=", "<="):
        return negation(
            _comparison("<" if name == ">=" else ">", left, right, path_condition, span), span
        )
    return derived(name, left, right, span=span)


# -- arithmetic ------------------------------------------------------------------------------------


def _fraction(value: Known) -> Fraction:
    try:
        return numeric.exact(value.value)  # type: ignore[arg-type]
    except OverflowError:
        raise beyond_limits("a number") from None


def _quotient(left: Fraction, right: Fraction) -> Fraction:
    if right:
        return left / right
    if not left:
        raise EvaluationFault("zero is divided by zero")
    raise NotComputable(Unknown("a number is divided by zero", why=Why.FUNCTION))


def _remainder(left: Fraction, right: Fraction) -> Fraction:
    """With the sign of ``left``; Terraform leaves ``left`` as it is when ``right`` is zero."""
    return left - right * math.trunc(left / right) if right else left


_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _quotient,
    "%": _remainder,
}


def _is_length(term: Term | None) -> bool:
    return isinstance(term, Operation) and term.operator == "length"


# -- what the world says ---------------------------------------------------------------------------


def holds(condition: Value, path_condition: PathCondition) -> bool | None:
    """Which side a condition takes in this world; None where the world does not say."""
    condition = operand(condition, BOOL)
    if isinstance(condition, Known):
        path_condition.composed(condition)
        return condition.value is True
    term = symbol_of(condition)
    if term is None:
        return None
    unknown = Unknown("", term)
    if isinstance(condition, Unknown) and not _is_asked(term, path_condition):
        return path_condition.truth(unknown)
    found = path_condition.value(unknown)
    return found.value if isinstance(found, Known) and isinstance(found.value, bool) else None


#: What may stand around one value and its options in a condition that they decide.
_DECIDED = frozenset({"contains", "set", "list", "==", "&&", "||", "!"})


def _is_asked(condition: Term, path_condition: PathCondition) -> bool:
    """Is the condition made of nothing but comparisons of one value with its options, or of what a
    map holds under that value? Then the worlds of that value decide it; a world of its own could
    contradict them elsewhere."""
    if isinstance(condition, Name):
        return False  # what is no comparison is asked for itself
    itself = {condition, negated(condition)} if is_negation(condition) else {condition}
    decided = terms_in(condition) & path_condition.decision_points.keys()
    return any(
        _decides(decision_point, condition) or selects(decision_point, condition)
        for decision_point in map(path_condition.decision_points.__getitem__, decided - itself)
    )


def _decides(decision_point: DecisionPoint, condition: Term) -> bool:
    """Is the condition made of comparisons of the value with its options?"""
    options = {Constant(option.value) for option in decision_point.options if not option.other}

    @cache  # what terms have in common is looked at once
    def decides(term: Term) -> bool:
        if term == decision_point.symbol:
            return True
        if isinstance(term, Constant):
            return term in options
        return (
            isinstance(term, Operation)
            and term.operator in _DECIDED
            and any(not isinstance(operand, Constant) for operand in term.operands)
            and all(decides(each) or are_options(each) for each in term.operands)
        )

    def are_options(term: Term) -> bool:
        return (
            isinstance(term, Operation)
            and term.operator in ("set", "list")
            and all(map(decides, term.operands))
        )

    return decides(condition)


def selects(decision_point: DecisionPoint, condition: Term) -> bool:
    """Is the condition computed from nothing but what maps hold under the value?"""

    @cache
    def does(term: Term) -> bool:
        if not isinstance(term, Operation) or not term.operands:
            return isinstance(term, Constant)
        whole, *others = term.operands
        if term.operator == "[]" and _is_map(whole):
            return others == [decision_point.symbol]
        if term.operator == ".":
            return not isinstance(whole, Constant) and does(whole)
        return any(isinstance(each, Operation) for each in term.operands) and all(
            map(does, term.operands)
        )

    return does(condition)


def _is_map(term: Term) -> bool:
    return isinstance(term, Operation) and term.operator == "map"
