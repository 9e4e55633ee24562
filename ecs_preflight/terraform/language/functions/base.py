"""How a function is declared and called.

A function either computes from arguments that are all known (``plain``), in Python's own types,
and is Unknown with a canonical symbol as soon as one is not; or it is ``symbolic``, works on
values and keeps what is known of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ....symbolic.records import dataclass, replace
from ....symbolic.source import NOWHERE, Span
from ....symbolic.terms import Name
from ....symbolic.values import (
    Entries,
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
)
from ...syntax import numeric
from ...syntax.nodes import Expression
from ..coerce import coerce
from ..comparison import wholly_known
from ..faults import EvaluationFault, beyond_limits
from ..scope import ExpressionScope
from ..sizes import MAX_ITEMS, MAX_TEXT
from ..symbols import cause, compose
from ..value_types import ANY, Type


@dataclass(frozen=True)
class CallContext:
    """One call: ``is_open`` when its last argument stands for any number of unknown ones;
    ``render`` evaluates a template that sees the given names alone."""

    name: str
    span: Span
    scope: ExpressionScope
    arguments: tuple[Expression, ...]
    is_open: bool
    render: Callable[[Expression, Mapping[str, Value], Unknown | None], Value]

    def unknown(self, *operands: Value, why: Why | None = None) -> Unknown:
        """The call's result, not known because of ``operands``."""
        reason = cause(*operands)
        return Unknown(
            reason.reason, compose(self.name, *operands), why or reason.why, span=self.span
        )


@dataclass(frozen=True)
class Function:
    """``variadic`` is the type of any further arguments; ``most`` limits their number."""

    compute: Callable[..., Any]
    parameters: tuple[Type, ...] = ()
    variadic: Type | None = None
    most: int | None = None
    is_symbolic: bool = False
    takes_null: bool = False
    #: Whether an argument that is a whole resource or module is passed on as the reference it is.
    keeps_references: bool = False


def plain(
    compute: Callable[..., Any],
    *parameters: Type,
    variadic: Type | None = None,
    most: int | None = None,
) -> Function:
    """``compute(*arguments)`` in Python's types (a Value where the parameter is ``any``)."""
    return Function(compute, parameters, variadic, most)


def symbolic(
    compute: Callable[..., Value],
    *parameters: Type,
    variadic: Type | None = None,
    most: int | None = None,
    takes_null: bool = False,
    keeps_references: bool = False,
) -> Function:
    """``compute(context, *values)``."""
    return Function(compute, parameters, variadic, most, True, takes_null, keeps_references)


def invoke(function: Function, context: CallContext, arguments: Sequence[Value]) -> Value:
    """Converts the arguments, calls, and gives the result its place. Raises Fault and Undecided."""
    values = [
        _argument(function, context, position, value) for position, value in enumerate(arguments)
    ]
    if len(values) < len(function.parameters) and not context.is_open:
        raise EvaluationFault(f"'{context.name}' needs {len(function.parameters)} arguments")
    if function.is_symbolic:
        if len(values) < len(function.parameters):
            return context.unknown(*values)
        result: Value = function.compute(context, *values)
        return result
    known = [
        expanded(value) if not isinstance(value, (Items, Entries)) else _expanded(value)
        for value in values
    ]
    if context.is_open or not all(wholly_known(value) for value in known):
        return context.unknown(*values)
    natives = [
        value if _kind(function, position) == ANY else native(value)
        for position, value in enumerate(known)
    ]
    return returned(function.compute(*natives), context.span)


def _kind(function: Function, position: int) -> Type:
    if position < len(function.parameters):
        return function.parameters[position]
    if function.variadic is None or (function.most is not None and position >= function.most):
        raise EvaluationFault("there are too many arguments")
    return function.variadic


def _argument(function: Function, context: CallContext, position: int, value: Value) -> Value:
    kind = _kind(function, position)
    if value == Known(None):
        if function.takes_null:
            return value
        raise EvaluationFault(f"an argument of '{context.name}' is null")
    if isinstance(value, Reference) and not function.keeps_references:
        if value.attribute == "":
            value = context.scope.whole(value, context.span)
        elif value.attribute == "*":
            value = Unknown(
                f"the instances of '{value.address}' are not known",
                Name(value.address),
                span=value.span,
            )
    return coerce(value, kind)


def _expanded(value: Value) -> Value:
    if isinstance(value, Items):
        return replace(value, items=tuple(_expanded(item) for item in value.items))
    if isinstance(value, Entries):
        return replace(value, entries=tuple((key, _expanded(item)) for key, item in value.entries))
    return expanded(value)


def native(value: Value) -> Any:
    """A wholly known value in Python's types."""
    if isinstance(value, Known):
        return value.value
    if isinstance(value, Items):
        return [native(item) for item in value.items]
    assert isinstance(value, Entries)
    return {key: native(item) for key, item in sorted(value.entries, key=lambda pair: pair[0])}


def returned(result: Any, span: Span) -> Value:
    """What a plain function computed, as a value at ``span``: a list is a ``list``, a dict a
    ``map``."""
    if isinstance(result, (Known, Unknown, Reference, Text, Items, Entries)):
        return _placed(result, span)
    if isinstance(result, Fraction):
        return Known(number(result), span)
    if isinstance(result, str) and len(result) > MAX_TEXT:
        raise beyond_limits("a text")
    if isinstance(result, int) and result.bit_length() > numeric.PRECISION:
        return Known(number(result), span)
    if isinstance(result, (list, tuple)):
        if len(result) > MAX_ITEMS:
            raise beyond_limits("a list")
        return Items(tuple(returned(item, span) for item in result), span=span, uniform=True)
    if isinstance(result, dict):
        return Entries(
            tuple((key, returned(item, span)) for key, item in sorted(result.items())),
            span=span,
            uniform=True,
        )
    return Known(result, span)


def _placed(value: Value, span: Span) -> Value:
    """A value that was made nowhere, its parts included, stands where the call does."""
    if value.span != NOWHERE:
        return value
    if isinstance(value, Items):
        return replace(value, items=tuple(_placed(item, span) for item in value.items), span=span)
    if isinstance(value, Entries):
        entries = tuple((key, _placed(item, span)) for key, item in value.entries)
        return replace(value, entries=entries, span=span)
    return replace(value, span=span)


def number(value: Fraction | int) -> int | float:
    """A number of Python's. Raises NotComputable for one that is too large."""
    try:
        return numeric.number(value)
    except OverflowError:
        raise beyond_limits("a number") from None


def whole_number(value: Known | float) -> int:
    """A number that must be integral. Raises Fault."""
    scalar = value.value if isinstance(value, Known) else value
    if isinstance(scalar, int):
        return scalar
    raise EvaluationFault("a whole number is required")
