"""``format`` and ``formatlist``.

Source: the Terraform documentation, "format Function"; cty's ``format`` and Go's ``fmt``.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from ....symbolic.jsontext import Piece
from ....symbolic.patterns import regex
from ....symbolic.terms import scalar_text
from ....symbolic.values import (
    Entries,
    Items,
    Known,
    Reference,
    Unknown,
    Value,
    text,
)
from ...syntax import numeric
from ..coerce import coerce
from ..comparison import wholly_known
from ..faults import EvaluationFault, NotComputable
from ..sizes import MAX_ITEMS, MAX_TEXT
from ..structured_text import with_structure
from ..value_types import BOOL, NUMBER, STRING, Type
from .base import CallContext, whole_number
from .elements import is_open
from .graphemes import graphemes
from .json_writer import encoded, quoted

_VERB = regex(
    r"%(?P<flags>[0#\- +]*)(?P<width>[1-9][0-9]*)?(?:\.(?P<precision>[0-9]+))?"
    r"(?:\[(?P<index>[0-9]+)\])?(?P<mode>[a-zA-Z%])"
)
#: More decimal digits than any number of 512 bits within numeric's limits needs.
MAX_PRECISION = 10_000


def format_text(context: CallContext, pattern: Value, *arguments: Value) -> Value:
    """``format()``; open where the pattern or a number's argument is not known."""
    if not isinstance(pattern, Known) or context.is_open:
        return context.unknown(pattern, *arguments)
    pieces = _pieces(context, str(pattern.value), arguments)
    # A single verb that takes the value as it is keeps what the value knows of itself.
    if len(pieces) == 1:
        return pieces[0]
    whole = text(pieces or [Known("")], context.span)
    return (
        whole
        if isinstance(whole, Unknown)
        else with_structure(whole, [Piece(piece, context.span) for piece in pieces], is_raw=False)
    )


def _pieces(context: CallContext, pattern: str, arguments: tuple[Value, ...]) -> list[Value]:
    pieces: list[Value] = []
    position = highest = 0
    offset, length = 0, 0
    while (found := pattern.find("%", offset)) >= 0:
        if found > offset:
            pieces.append(Known(pattern[offset:found], context.span))
        verb = _VERB.match(pattern, found)
        if verb is None:
            raise EvaluationFault("the format has an incomplete verb")
        offset = verb.end()
        if verb["mode"] == "%":
            if verb.group() != "%%":
                raise EvaluationFault("'%%' takes no flags")
            pieces.append(Known("%", context.span))
            continue
        index = int(verb["index"][:9]) if verb["index"] else position + 1
        if not 1 <= index <= len(arguments):
            raise EvaluationFault(f"the format needs more than {len(arguments)} arguments")
        position, highest = index, max(highest, index)
        piece = _written(context, verb, arguments[index - 1])
        length += len(str(piece.value)) if isinstance(piece, Known) else 0
        if length > MAX_TEXT:
            raise NotComputable(Unknown("a text is beyond the scan's limits"))
        pieces.append(piece)
    if offset < len(pattern):
        pieces.append(Known(pattern[offset:], context.span))
    if highest < len(arguments):
        raise EvaluationFault("the format does not use all its arguments")
    return pieces


def _written(context: CallContext, verb: re.Match[str], value: Value) -> Value:
    mode = verb["mode"]
    if mode not in "vtbdoxXeEfgGsq":
        raise EvaluationFault(f"'%{mode}' is no format verb")
    if value == Known(None):
        # Terraform itself does not know it then, unless the null has a type.
        raise NotComputable(Unknown("a format's argument is null"))
    is_structure = isinstance(value, (Known, Items, Entries))
    if verb.group() == "%s" or (verb.group() == "%v" and not is_structure):
        return _string(value)
    if any(len(verb[group] or "") > 4 for group in ("width", "precision")):
        raise NotComputable(Unknown("a format's width is beyond the scan's limits"))
    kind = _KINDS.get(mode)
    converted = value if kind is None else coerce(value, kind)
    if not wholly_known(converted):
        if mode == "s":
            _string(value)
        return context.unknown(Known(verb.group()), value)
    if mode == "v":
        return Known(_padded(_default(verb, converted), verb), context.span)
    if not isinstance(converted, Known):
        raise EvaluationFault(f"'%{mode}' takes no list or map")
    return Known(_scalar(verb, mode, converted), context.span)


_KINDS: dict[str, Type] = {
    "s": STRING,
    "q": STRING,
    "t": BOOL,
    **dict.fromkeys("bdoxXeEfgG", NUMBER),
}


def _string(value: Value) -> Value:
    if isinstance(value, Reference) and value.attribute in ("", "*"):
        raise EvaluationFault("'%s' takes no resource")
    return coerce(value, STRING)


def _default(verb: re.Match[str], value: Value) -> str:
    """``%v``: a string as it is, a number as ``%g``, anything else as JSON; with ``#``, all as
    JSON."""
    if "#" not in verb["flags"] and isinstance(value, Known):
        if isinstance(value.value, str):
            return value.value
        if isinstance(value.value, (int, float)) and not isinstance(value.value, bool):
            number = numeric.exact(value.value)
            return _signed(verb, number, _general(number, verb))
    written = encoded(value)
    assert isinstance(written, Known)
    return str(written.value)


def _scalar(verb: re.Match[str], mode: str, value: Known) -> str:
    precision = int(verb["precision"]) if verb["precision"] else None
    if mode == "t":
        return "true" if value.value else "false"
    if isinstance(value.value, str):
        letters = graphemes(value.value)
        cut = "".join(letters[:precision]) if precision is not None else value.value
        return _padded(cut if mode == "s" else quoted(cut), verb)
    number = numeric.exact(value.value)  # type: ignore[arg-type]
    if mode in "bdoxX":
        return _padded(_signed(verb, number, _integer(verb, mode, number, precision)), verb)
    if mode in "eE":
        digits = _exponential(abs(number), 6 if precision is None else precision)
    elif mode == "f":
        digits = _fixed(abs(number), 6 if precision is None else precision)
    else:
        digits = _general(number, verb)
    return _padded(_signed(verb, number, digits.upper() if mode.isupper() else digits), verb)


def _integer(verb: re.Match[str], mode: str, number: Fraction, precision: int | None) -> str:
    whole = abs(whole_number(numeric.number(number)))
    digits = format(whole, {"b": "b", "d": "d", "o": "o"}.get(mode, "x"))
    digits = digits.rjust(precision or 0, "0")
    if "#" in verb["flags"]:
        digits = {"x": "0x", "X": "0x", "o": "0", "b": "0b"}.get(mode, "") + digits
    return digits.upper() if mode == "X" else digits


def _signed(verb: re.Match[str], number: Fraction, digits: str) -> str:
    if number < 0:
        return "-" + digits
    return ("+" if "+" in verb["flags"] else " " if " " in verb["flags"] else "") + digits


def _padded(written: str, verb: re.Match[str]) -> str:
    missing = int(verb["width"] or 0) - len(graphemes(written))
    if missing <= 0:
        return written
    if "-" in verb["flags"]:
        return written + " " * missing
    if "0" not in verb["flags"]:
        return " " * missing + written
    sign = written[:1] if verb["mode"] not in "svq" and written[:1] in ("+", "-", " ") else ""
    return sign + "0" * missing + written[len(sign) :]


def _decimal(number: Fraction) -> Decimal:
    """Exactly: a number of 512 bits has a finite decimal notation."""
    context = Context(prec=MAX_PRECISION)
    return context.divide(Decimal(number.numerator), Decimal(number.denominator))


def _fixed(number: Fraction, places: int) -> str:
    scaled = round(number * 10**places)
    digits = str(scaled).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _exponential(number: Fraction, places: int) -> str:
    rounded = Context(prec=places + 1, rounding=ROUND_HALF_EVEN).plus(_decimal(number))
    _, digits, _ = rounded.as_tuple()
    exponent = rounded.adjusted() if rounded else 0
    written = "".join(map(str, digits)).ljust(places + 1, "0")
    mantissa = written[0] + ("." + written[1 : places + 1] if places else "")
    return f"{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _general(number: Fraction, verb: re.Match[str]) -> str:
    """``%g``: an exponent when it is below -4 or not below the precision, by default the fewest
    digits and 6."""
    number = abs(number)
    if number == 0:
        return "0"
    digits = int(verb["precision"]) if verb["precision"] else None
    exact = Decimal(scalar_text(numeric.number(number))) if digits is None else _decimal(number)
    rounded = Context(
        prec=max(digits or 0, 1) if digits is not None else MAX_PRECISION, rounding=ROUND_HALF_EVEN
    ).plus(exact)
    exponent = rounded.adjusted()
    if -4 <= exponent < (6 if digits is None else max(digits, 1)):
        written = format(rounded, "f")
        return written.rstrip("0").rstrip(".") if "." in written else written
    mantissa = "".join(map(str, rounded.as_tuple().digits)).rstrip("0")
    return (
        f"{mantissa[0]}{'.' if mantissa[1:] else ''}{mantissa[1:]}"
        f"e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    )


def format_list(context: CallContext, pattern: Value, *arguments: Value) -> Value:
    """One text for each position of the arguments that are lists."""
    lists = [argument for argument in arguments if isinstance(argument, Items)]
    is_hidden = any(isinstance(argument, Unknown) for argument in arguments)
    if is_hidden or context.is_open or any(map(is_open, lists)):
        return context.unknown(pattern, *arguments)
    lengths = {len(each.items) for each in lists}
    if len(lengths) > 1:
        raise EvaluationFault("the lists of 'formatlist' have different lengths")
    count = lengths.pop() if lengths else 1
    if count * max(len(arguments), 1) > MAX_ITEMS:
        raise NotComputable(Unknown("a list is beyond the scan's limits"))
    rows = [
        [argument.items[row] if isinstance(argument, Items) else argument for argument in arguments]
        for row in range(count)
    ]
    return Items(
        tuple(format_text(context, pattern, *row) for row in rows), span=context.span, uniform=True
    )
