"""Numeric functions."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from ....symbolic.values import Known, Unknown, Value, Why
from ...syntax import numeric
from ..coerce import coerce
from ..faults import EvaluationFault, NotComputable
from ..value_types import ANY, NUMBER, STRING
from .base import plain, whole_number

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _abs(number: int | float) -> Fraction:
    return abs(numeric.exact(number))


def _ceil(number: int | float) -> int:
    return math.ceil(numeric.exact(number))


def _floor(number: int | float) -> int:
    return math.floor(numeric.exact(number))


def _max(*numbers: int | float) -> Fraction:
    if not numbers:
        raise EvaluationFault("'max' needs numbers")
    return max(map(numeric.exact, numbers))


def _min(*numbers: int | float) -> Fraction:
    if not numbers:
        raise EvaluationFault("'min' needs numbers")
    return min(map(numeric.exact, numbers))


def _signum(number: int | float) -> int:
    whole = whole_number(number)
    return (whole > 0) - (whole < 0)


def _finite(number: float) -> Value:
    """What Terraform computes with 53 bits of precision, and writes so."""
    if not math.isfinite(number):
        raise NotComputable(Unknown("a number is not finite", why=Why.FUNCTION))
    return Known(
        int(Decimal(repr(number)))
        if number.is_integer()
        else numeric.Fractional(Fraction(number), 53)
    )


def _log(number: int | float, base: int | float) -> Value:
    if number <= 0 or base <= 0 or base == 1:
        raise NotComputable(Unknown("a logarithm is not finite", why=Why.FUNCTION))
    return _finite(math.log(number) / math.log(base))


def _pow(number: int | float, power: int | float) -> Value:
    try:
        return _finite(math.pow(number, power))
    except (OverflowError, ValueError):
        raise NotComputable(Unknown("a power is not finite", why=Why.FUNCTION)) from None


def _parseint(text: Value, base: int | float) -> int:
    radix = whole_number(base)
    if not 2 <= radix <= 62:
        raise EvaluationFault("the base of 'parseint' is from 2 to 62")
    if not isinstance(text, Known) or not isinstance(text.value, str):
        raise EvaluationFault("'parseint' takes a string")
    written = coerce(text, STRING)
    assert isinstance(written, Known) and isinstance(written.value, str)
    sign = -1 if written.value.startswith("-") else 1
    digits = written.value[1:] if written.value.startswith(("-", "+")) else written.value
    values = [_DIGITS.find(digit) for digit in (digits.lower() if radix <= 36 else digits)]
    is_short = 0 < len(values) <= numeric.MAX_DIGITS
    if not is_short or not all(0 <= value < radix for value in values):
        raise EvaluationFault(f"the text is no number in base {radix}")
    whole = 0
    for value in values:
        whole = whole * radix + value
    return sign * whole


FUNCTIONS = {
    "abs": plain(_abs, NUMBER),
    "ceil": plain(_ceil, NUMBER),
    "floor": plain(_floor, NUMBER),
    "log": plain(_log, NUMBER, NUMBER),
    "max": plain(_max, variadic=NUMBER),
    "min": plain(_min, variadic=NUMBER),
    "parseint": plain(_parseint, ANY, NUMBER),
    "pow": plain(_pow, NUMBER, NUMBER),
    "signum": plain(_signum, NUMBER),
}
