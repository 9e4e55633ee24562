"""Terraform's numbers: binary floating point with 512 bits of precision, printed without exponent.

An integral number is an ``int``; any other is a ``Fractional``, which the rest of the engine reads
as the ``float`` it is. Source: the Terraform documentation, "Types and Values"; cty's ``Number``.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

from ...symbolic.patterns import regex
from ...symbolic.values import Known, Value

#: What Terraform keeps of a number.
PRECISION = 512
#: A number with more digits than this is beyond the scan's limits.
MAX_DIGITS = 4_000

#: An integer that is exact in PRECISION bits.
_INTEGER = regex(r"-?[0-9]{1,150}")
_NUMBER = regex(r"[+-]?([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


class Fractional(float):
    """A number that is not integral; ``exact`` is its value at Terraform's precision."""

    exact: Fraction
    bits: int

    def __new__(cls, exact: Fraction, bits: int = PRECISION) -> Fractional:
        number = super().__new__(cls, exact)
        number.exact, number.bits = exact, bits
        return number

    def is_integer(self) -> bool:
        """Never, since it has a fraction."""
        return False

    def __repr__(self) -> str:
        return float.__repr__(float(self)) if self.bits == 53 else _shortest(self.exact)


def number(exact: Fraction | int) -> int | float:
    """The Terraform number nearest to ``exact``. Raises OverflowError beyond MAX_DIGITS."""
    if isinstance(exact, int) and exact.bit_length() <= PRECISION:
        return exact
    rounded = _rounded(Fraction(exact))
    if abs(rounded) >= 10**MAX_DIGITS:
        raise OverflowError("the number is too large")
    if rounded.denominator != 1:
        return Fractional(rounded)
    whole = rounded.numerator
    # A larger integer has no more digits than tell it from its neighbours.
    return whole if whole.bit_length() <= PRECISION else int(_shortest(rounded))


def exact(value: int | float) -> Fraction:
    """The value at Terraform's precision: a plain float is what its decimal notation says.

    Raises OverflowError for what is no finite number.
    """
    if isinstance(value, Fractional):
        return value.exact
    if isinstance(value, float):
        if not math.isfinite(value):
            raise OverflowError("the number is too large")
        return _rounded(Fraction(repr(value)))
    return Fraction(value) if value.bit_length() <= PRECISION else _rounded(Fraction(value))


def exact_of(value: Value) -> Fraction:
    """The value of a known number. Raises OverflowError, and TypeError for anything else."""
    if isinstance(value, Known) and isinstance(value.value, (int, float)):
        return exact(value.value)
    raise TypeError("a known number is required")


def parse(text: str) -> int | float | None:
    """A decimal number as Terraform's ``tonumber`` reads it, or None. Raises OverflowError."""
    if _INTEGER.fullmatch(text):
        return int(text)
    if not _NUMBER.fullmatch(text):
        return None
    exponent = re.split("[eE]", text)[-1] if "e" in text.lower() else "0"
    if len(text) > MAX_DIGITS or abs(int(exponent)) > MAX_DIGITS:
        raise OverflowError("the number is too large")
    return number(Fraction(text))


def _rounded(value: Fraction) -> Fraction:
    """To PRECISION significant bits, ties to even."""
    if value == 0:
        return value
    shift = abs(value.numerator).bit_length() - value.denominator.bit_length() - PRECISION
    for step in (shift, shift + 1):
        scaled = value / (Fraction(2) ** step)
        nearest = round(scaled)
        if abs(nearest).bit_length() <= PRECISION:
            return Fraction(nearest) * Fraction(2) ** step
    return Fraction(nearest) * Fraction(2) ** step


def _shortest(value: Fraction) -> str:
    """The fewest decimal digits that are read back as the same number."""
    low, high = 1, 160
    while low < high:
        middle = (low + high) // 2
        if _rounded(_decimal(value, middle)) == value:
            high = middle
        else:
            low = middle + 1
    return _plain(_decimal(value, low))


def _decimal(value: Fraction, digits: int) -> Fraction:
    """``value`` rounded to so many significant decimal digits."""
    magnitude = math.floor(math.log10(abs(value.numerator)) - math.log10(value.denominator))
    scale = Fraction(10) ** (digits - 1 - magnitude)
    return round(value * scale) / scale


def _plain(value: Fraction) -> str:
    """A fraction that has a finite decimal notation, written out."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    places = 0
    while (value * Fraction(10) ** places).denominator != 1:
        places += 1
    digits = str(int(value * Fraction(10) ** places)).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)
