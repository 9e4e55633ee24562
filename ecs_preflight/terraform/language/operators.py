"""Terraform's operators on values, known and symbolic.

What operands that are not known compute has a canonical symbol, so that the same condition is the
same choice wherever it stands: ``x != y`` is ``!(x == y)``, ``a >= b`` is ``!(a < b)``, ``a > b``
with a name on both sides is ``(b < a)``, ``length(x) > 0`` is ``!(length(x) == 0)``.

Source: the Terraform documentation, "Arithmetic and Logical Operators"; cty's arithmetic.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from ...symbolic.source import Span
from ...symbolic.values import Known, Text, Unknown, Value, Why
from ...symbolic.worlds import DecisionPoint, PathCondition
from ..syntax import numeric
from .coerce import coerce
from .comparison import equal
from .faults import EvaluationFault, NotComputable, beyond_limits
from .symbols import derived, literal_symbol, negated, symbol_of
from .value_types import BOOL, NUMBER, Type


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
        left, right = sorted((left, right), key=_canonical)
    return derived(f"({{}} {name} {{}})", left, right, span=span)


def operand(value: Value, kind: Type) -> Value:
    """An operand as operators convert it; null is refused."""
    if value == Known(None):
        raise EvaluationFault("an operand is null")
    return coerce(value, kind)


def number(value: Fraction | int, span: Span) -> Known:
    try:
        return Known(numeric.number(value), span)
    except OverflowError:
        raise beyond_limits("a number") from None


def minus(value: Value, span: Span) -> Value:
    value = operand(value, NUMBER)
    if isinstance(value, Known):
        return number(-_fraction(value), span)
    return derived("-{}", value, span=span)


def negation(value: Value, span: Span) -> Value:
    value = operand(value, BOOL)
    if isinstance(value, Known):
        return Known(not value.value, span)
    if isinstance(value, Unknown):
        return replace(value, symbol=negated(value.symbol), span=span)
    return derived("!{}", value, span=span)


def logical(name: str, left: Value, right: Value, span: Span) -> Value:
    """``&&`` and ``||``: one side may decide although the other is not known."""
    decisive = name == "||"
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Known):
            return Known(decisive, span) if one.value is decisive else replace(other, span=span)
    mine, theirs = symbol_of(left), symbol_of(right)
    if mine and mine == theirs:
        return replace(left, span=span)
    if mine and mine == negated(theirs):
        return Known(decisive, span)
    left, right = sorted((left, right), key=_canonical)
    return derived(f"({{}} {name} {{}})", left, right, span=span)


# -- equality and order ----------------------------------------------------------------------------


def equality(left: Value, right: Value, path_condition: PathCondition, span: Span) -> Value:
    """``left == right``, asked of the inquiry where an unknown meets a known scalar."""
    same = equal(left, right)
    if same is not None:
        return Known(same, span)
    left, right = sorted((left, right), key=_canonical)
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
        answer = None if left.symbol.startswith("!") else path_condition.equals(left, right.value)
        if answer is not None:
            return Known(answer, span)
    return derived("({} == {})", left, right, span=span)


def _canonical(value: Value) -> tuple[bool, str]:
    """Names before literals, each in the order of their symbols."""
    return isinstance(value, Known), symbol_of(value)


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
    if isinstance(left, Unknown) and left.symbol.startswith("length(") and isinstance(right, Known):
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
    return derived(f"({{}} {name} {{}})", left, right, span=span)


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


# -- what the world says ---------------------------------------------------------------------------


def settled(unknown: Unknown, path_condition: PathCondition) -> Value:
    """The world's value for the unknown or for what it negates, else the unknown."""
    if not unknown.symbol.startswith("!"):
        return path_condition.value(unknown)
    found = path_condition.value(replace(unknown, symbol=unknown.symbol[1:]))
    if isinstance(found, Known) and isinstance(found.value, bool):
        return Known(not found.value, unknown.span)
    return unknown


def holds(condition: Value, path_condition: PathCondition) -> bool | None:
    """Which side a condition takes in this world; None where the world does not say."""
    condition = operand(condition, BOOL)
    if isinstance(condition, Known):
        return condition.value is True
    base = Unknown("", symbol_of(condition).removeprefix("!"))
    negative = symbol_of(condition).startswith("!")
    if isinstance(condition, Unknown) and not _is_asked(base.symbol, path_condition):
        side = path_condition.truth(base)
    else:
        found = path_condition.value(base)
        side = found.value if isinstance(found, Known) and isinstance(found.value, bool) else None
    return None if side is None else side is not negative


#: What may stand beside one input and its options in a condition that they decide.
_DECIDED = re.compile(r"(?:contains\(|toset\(|==|!=|&&|\|\||[!()\[\], ])*")
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"|null|-?\d[\d.]*')


def _is_asked(symbol: str, path_condition: PathCondition) -> bool:
    """Is the condition made of nothing but comparisons of one value with its options? Then the
    worlds of that value decide it; a world of its own could contradict them elsewhere."""
    return any(
        _decides(decision_point, symbol)
        for decision_point in path_condition.decision_points.values()
        if decision_point.symbol in symbol and decision_point.symbol != symbol
    )


def _decides(decision_point: DecisionPoint, symbol: str) -> bool:
    options = {
        literal_symbol(option.value) for option in decision_point.options if not option.other
    }
    others = re.split(rf"(?<![\w.-]){re.escape(decision_point.symbol)}(?![\w.\[-])", symbol)
    return all(
        _DECIDED.fullmatch(_LITERAL.sub(lambda found: "" if found[0] in options else "?", other))
        for other in others
    )
