"""Type conversion functions."""

from __future__ import annotations

from ....symbolic.values import Known, Unknown, Value
from ...syntax.nodes import Binary, Expression, FunctionCall, Literal, Tuple, Unary
from ..coerce import coerce
from ..value_types import ANY, BOOL, NUMBER, STRING, Type, list_of, map_of, set_of
from .base import CallContext, Function, symbolic


def _to(kind: Type) -> Function:
    def convert(context: CallContext, value: Value) -> Value:
        converted = coerce(value, kind)
        if isinstance(converted, Unknown) and kind in (BOOL, NUMBER, STRING):
            # "true" and true are different values of what is not known.
            return context.unknown(value)
        return converted

    return symbolic(convert, ANY, takes_null=True, keeps_references=kind in (BOOL, NUMBER, STRING))


def _itself(context: CallContext, value: Value) -> Value:
    return value


def _issensitive(context: CallContext, value: Value) -> Value:
    """Decided where the argument is written without a name, since marks are not followed."""
    marked = _is_marked(context.arguments[0])
    return (
        context.unknown(Unknown("sensitivity is not followed"))
        if marked is None
        else Known(marked, context.span)
    )


def _is_marked(expression: Expression) -> bool | None:
    if isinstance(expression, Literal):
        return False
    if isinstance(expression, FunctionCall):
        decided = {"sensitive": True, "nonsensitive": False}.get(expression.function)
        if decided is not None:
            return decided
        parts: tuple[Expression, ...] = expression.arguments
    elif isinstance(expression, Tuple):
        parts = expression.items
    elif isinstance(expression, Binary):
        parts = (expression.left, expression.right)
    elif isinstance(expression, Unary):
        parts = (expression.operand,)
    else:
        return None
    marks = [_is_marked(part) for part in parts]
    # A mark on a member marks the whole only for functions; the members of a list keep their own.
    if None in marks:
        return None
    return any(marks) and not isinstance(expression, Tuple)


FUNCTIONS = {
    "tostring": _to(STRING),
    "tonumber": _to(NUMBER),
    "tobool": _to(BOOL),
    "tolist": _to(list_of(ANY)),
    "toset": _to(set_of(ANY)),
    "tomap": _to(map_of(ANY)),
    "sensitive": symbolic(_itself, ANY, takes_null=True, keeps_references=True),
    "nonsensitive": symbolic(_itself, ANY, takes_null=True, keeps_references=True),
    "ephemeralasnull": symbolic(_itself, ANY, takes_null=True, keeps_references=True),
    "issensitive": symbolic(_issensitive, ANY, takes_null=True, keeps_references=True),
}
