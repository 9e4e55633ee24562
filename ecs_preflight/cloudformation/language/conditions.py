"""Conditions: true, false, or unknown with a symbol, so that equal conditions take equal sides.

An unknown comparison is asked of the world (``PathCondition``); conditions on one parameter test
the same symbol and so exclude each other by themselves."""

from __future__ import annotations

from ...symbolic.documents.nodes import MappingNode, Node, SequenceNode, plain
from ...symbolic.records import replace
from ...symbolic.strings import may_equal
from ...symbolic.terms import Constant, Operation, Term, in_order, negated, operation, scalar_text
from ...symbolic.values import (
    Known,
    Text,
    Unknown,
    Value,
    Why,
    literal,
    text_term,
)
from .scope import Path, TemplateScope, value_of


def decide(node: Node, path: Path, scope: TemplateScope) -> Known | Unknown:
    """Known(True), Known(False), or Unknown with the symbol of what decides."""
    if not scope.descend():
        return _unknown("the condition is nested too deeply", why=Why.LIMIT)
    try:
        return _decide(node, path, scope)
    finally:
        scope.ascend()


def _decide(node: Node, path: Path, scope: TemplateScope) -> Known | Unknown:
    if not isinstance(node, MappingNode) or len(node.entries) != 1:
        return _unknown("the condition is not a condition function")
    key, _, argument = node.entries[0]
    if key == "Condition":
        return scope.condition(plain(argument) or "?")
    terms = argument.items if isinstance(argument, SequenceNode) else ()
    if key == "Fn::Equals" and len(terms) == 2:
        return equal(value_of(terms[0], path, scope), value_of(terms[1], path, scope), scope)
    if key == "Fn::Not" and len(terms) == 1:
        return _negated(decide(terms[0], path, scope))
    if key in ("Fn::And", "Fn::Or") and terms:
        return _combined(key == "Fn::And", [decide(term, path, scope) for term in terms], scope)
    return _unknown(f"'{key}' is not a condition function, or has the wrong arguments")


def _negated(inner: Known | Unknown) -> Known | Unknown:
    if isinstance(inner, Known):
        return Known(inner.value is False, origin=negated(inner.origin))
    return Unknown(inner.reason, negated(inner.symbol), inner.why)


def _combined(both: bool, terms: list[Known | Unknown], scope: TemplateScope) -> Known | Unknown:
    deciding = [term for term in terms if isinstance(term, Known) and term.value is not both]
    if deciding:
        origins = [term.origin for term in deciding]
        known = in_order({term for term in origins if term is not None})
        if len(known) < len(set(origins)):
            return Known(not both)
        whole = known[0] if len(known) == 1 else Operation("&&" if both else "||", tuple(known))
        return Known(not both, origin=whole)
    open_terms = {term.symbol: term for term in terms if isinstance(term, Unknown)}
    if len(open_terms) <= 1:
        turning = next((t.origin for t in terms if isinstance(t, Known) and t.origin), None)
        return next(iter(open_terms.values()), Known(both, origin=turning))
    if None in open_terms:
        return open_terms[None]
    symbols = in_order(symbol for symbol in open_terms if symbol is not None)
    first = next(iter(open_terms.values()))
    return _asked(
        Unknown(first.reason, Operation("&&" if both else "||", tuple(symbols)), first.why), scope
    )


def equal(left: Value, right: Value, scope: TemplateScope) -> Known | Unknown:
    """``Fn::Equals``: CloudFormation compares strings, whatever their type."""
    left, right = _lone(left), _lone(right)
    one, other = literal(left), literal(right)
    if one is not None and other is not None:
        return Known(one == other, origin=_comparison(left, right))
    if (one is not None or other is not None) and not may_equal(left, right):
        return Known(False)
    if isinstance(left, Unknown) and isinstance(right, Known):
        return _equals(left, scalar_text(right.value), scope)
    if isinstance(right, Unknown) and isinstance(left, Known):
        return _equals(right, scalar_text(left.value), scope)
    terms = text_term(left), text_term(right)
    if terms[0] is None or terms[1] is None:
        return _unknown("the compared values are not known", why=Why.CONDITION)
    if terms[0] == terms[1]:
        return Known(True)
    symbol = Operation("==", tuple(in_order((terms[0], terms[1]))))
    return _asked(_unknown("the compared values are not known", symbol, Why.CONDITION), scope)


def _comparison(left: Value, right: Value) -> Term | None:
    """``input == literal``, where the input has its value by default."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Known) and one.origin is not None and isinstance(other, Known):
            literal_side = None if other.origin else Constant(scalar_text(other.value))
            return operation("==", one.origin, literal_side)
    return None


def _lone(value: Value) -> Value:
    """The hole, where a text is nothing else."""
    if isinstance(value, Text) and len(value.parts) == 1 and isinstance(value.parts[0], Unknown):
        return value.parts[0]
    return value


def _equals(unknown: Unknown, candidate: str, scope: TemplateScope) -> Known | Unknown:
    if not candidate:
        unknown = _list_of(unknown)
    side = scope.path_condition.equals(unknown, candidate)
    if side is None:
        decision_point = (
            scope.path_condition.decision_points.get(unknown.symbol) if unknown.symbol else None
        )
        closed = decision_point is not None and not any(
            option.other for option in decision_point.options
        )
        if (
            closed
            and decision_point
            and all(scalar_text(o.value) != candidate for o in decision_point.options)
        ):
            return Known(False)
        symbol = operation("==", unknown.symbol, Constant(candidate))
        return _unknown(unknown.reason, symbol, unknown.why)
    return Known(side)


def _list_of(unknown: Unknown) -> Unknown:
    """The list of a joined one, or of its first item: they are empty together."""
    term = unknown.symbol
    if isinstance(term, Operation) and (
        term.operator == "Join" or (term.operator == "Select" and term.operands[0] == Constant(0))
    ):
        return replace(unknown, symbol=term.operands[1])
    return unknown


def _asked(unknown: Unknown, scope: TemplateScope) -> Known | Unknown:
    side = scope.path_condition.truth(unknown)
    return unknown if side is None else Known(side)


def _unknown(reason: str, symbol: Term | None = None, why: Why = Why.FUNCTION) -> Unknown:
    return Unknown(reason, symbol, why)
