"""String functions."""

from __future__ import annotations

from collections.abc import Callable

from ....symbolic.records import replace
from ....symbolic.strings import blank, certain_prefix, certain_suffix, may_hold, parts_of
from ....symbolic.values import Hole, Items, Known, Shape, Unknown, Value, text
from ..faults import EvaluationFault, beyond_limits
from ..sizes import MAX_ITEMS, MAX_TEXT
from ..value_types import ANY, NUMBER, STRING, list_of
from .base import CallContext, Function, plain, symbolic, whole_number
from .elements import is_open
from .formatting import format_list, format_text
from .graphemes import graphemes
from .trimming import trimming


def _join(context: CallContext, separator: Value, *lists: Value) -> Value:
    if not lists:
        raise EvaluationFault("'join' needs a list")
    items: list[Value] = []
    for each in lists:
        if not isinstance(each, Items) or is_open(each):
            return context.unknown(separator, *lists)
        items.extend(each.items)
    if Known(None) in items:
        raise EvaluationFault("'join' does not take null")
    if len(items) == 1:
        return items[0]
    if sum(map(_length, items)) + len(items) * _length(separator) > MAX_TEXT:
        raise beyond_limits("a text")
    parts = [part for item in items for part in (separator, item)][1:]
    return text(parts or [Known("")], context.span)


def _length(value: Value) -> int:
    if isinstance(value, Known):
        return len(value.value) if isinstance(value.value, str) else 0
    parts = parts_of(value) or ()
    return sum(len(part) if isinstance(part, str) else 1 for part in parts)


def split(context: CallContext, separator: Value, whole: Value) -> Value:
    """``split()``; open where a hole may hold the separator."""
    parts = parts_of(whole)
    if not isinstance(separator, Known) or parts is None:
        return context.unknown(separator, whole)
    mark = str(separator.value)
    if sum(part.count(mark) for part in parts if isinstance(part, str)) > MAX_ITEMS:
        raise beyond_limits("a list")
    if not mark:
        if isinstance(parts[0], str) and len(parts) == 1:
            return _texts([[letter] for letter in graphemes(parts[0])], context)
        return context.unknown(separator, whole)
    pieces: list[list[str | Hole]] = [[]]
    for part in parts:
        if not isinstance(part, str):
            if not _is_apart(part, mark):
                return context.unknown(separator, whole)
            pieces[-1].append(part)
            continue
        first, *others = part.split(mark)
        pieces[-1].append(first)
        pieces.extend([other] for other in others)
    return _texts(pieces, context)


def _texts(pieces: list[list[str | Hole]], context: CallContext) -> Items:
    return Items(
        tuple(
            text([Known(part) if isinstance(part, str) else part for part in piece], context.span)
            for piece in pieces
        ),
        span=context.span,
        uniform=True,
    )


def _is_apart(hole: Hole, mark: str) -> bool:
    """Can no part of ``mark`` be inside the hole, nor the hole vanish within it?"""
    return not any(may_hold(hole, character) for character in mark) and (
        len(mark) == 1 or blank(hole).least > 0
    )


def _replace(context: CallContext, whole: Value, old: Value, new: Value) -> Value:
    if not isinstance(old, Known):
        return context.unknown(whole, old, new)
    mark = str(old.value)
    is_pattern = len(mark) > 1 and mark.startswith("/") and mark.endswith("/")
    parts = parts_of(whole)
    if parts is None or (is_pattern and not isinstance(new, Known)):
        return context.unknown(whole, old, new)
    from .patterns import substituted, without_digits

    if len(parts) == 1 and isinstance(parts[0], str) and isinstance(new, Known):
        growth = 0 if is_pattern else parts[0].count(mark) * len(str(new.value))
        if growth > MAX_TEXT:
            raise beyond_limits("a text")
        replaced = (
            substituted(mark[1:-1], str(new.value), parts[0])
            if is_pattern
            else parts[0].replace(mark, str(new.value))
        )
        return whole if replaced == parts[0] else Known(replaced, context.span)
    if is_pattern and isinstance(new, Known) and "$" not in str(new.value):
        kept = without_digits(mark[1:-1], parts)
        if kept is not None:
            return text([*(Known(p) if isinstance(p, str) else p for p in kept), new], context.span)
    if is_pattern or not mark or not all(isinstance(p, str) or _is_apart(p, mark) for p in parts):
        return context.unknown(whole, old, new)
    if not any(isinstance(part, str) and mark in part for part in parts):
        return whole
    pieces: list[Value] = []
    for part in parts:
        if isinstance(part, str):
            chunks = [Known(chunk) for chunk in part.split(mark)]
            pieces.extend([piece for chunk in chunks for piece in (new, chunk)][1:])
        else:
            pieces.append(part)
    return text(pieces, context.span)


def _cased(change: Callable[[str], str]) -> Function:
    def cased(context: CallContext, whole: Value) -> Value:
        parts = parts_of(whole)
        if parts is None or (len(parts) == 1 and not isinstance(parts[0], str)):
            return _changed_hole(context, whole)
        return text(
            [
                Known(change(part)) if isinstance(part, str) else _changed_hole(context, part)
                for part in parts
            ],
            context.span,
        )

    return symbolic(cased, STRING)


_CASELESS = (Shape.ACCOUNT,)
_LOWER_CASE = (Shape.REGION, Shape.PARTITION)


def _changed_hole(context: CallContext, hole: Value) -> Value:
    """A hole whose letters change their case. AWS writes Regions and partitions in lower case."""
    shape = hole.shape if isinstance(hole, Unknown) else Shape.ANY
    if shape in _CASELESS or (shape in _LOWER_CASE and context.name == "lower"):
        return hole
    return replace(context.unknown(hole), shape=shape)


def _indent(spaces: int | float, whole: str) -> str:
    count = whole_number(spaces)
    if not 0 <= count <= MAX_TEXT // (whole.count("\n") + 1):
        raise EvaluationFault("the indentation is negative or too large")
    return whole.replace("\n", "\n" + " " * count)


def _title(whole: str) -> str:
    """Every letter that follows no letter, digit or underscore in upper case, as Go's Title
    does."""
    before, letters = " ", []
    for letter in whole:
        letters.append(letter if before.isalnum() or before == "_" else _title_case(letter))
        before = letter
    return "".join(letters)


def _title_case(letter: str) -> str:
    return title if len(title := letter.title()) == 1 else letter


def _upper(whole: str) -> str:
    """Letter by letter: one that becomes several (``ß``) stays."""
    return "".join(up if len(up := letter.upper()) == 1 else letter for letter in whole)


def _lower(whole: str) -> str:
    return "".join(letter.lower()[0] for letter in whole)


def _substr(context: CallContext, whole: Value, offset: Value, length: Value) -> Value:
    if not isinstance(offset, Known) or not isinstance(length, Known):
        return context.unknown(whole, offset, length)
    start, count = whole_number(offset), whole_number(length)
    parts = parts_of(whole)
    if parts is None:
        return context.unknown(whole, offset, length)
    letters = graphemes(certain_prefix(parts))
    if len(parts) == 1 and isinstance(parts[0], str):
        start = max(start + len(letters), 0) if start < 0 else start
        stop = len(letters) if count < 0 else start + count
        return Known("".join(letters[start:stop]), context.span)
    # The last letter of a literal may combine with what a hole begins with.
    if start >= 0 and count >= 0 and start + count < len(letters):
        return Known("".join(letters[start : start + count]), context.span)
    return context.unknown(whole, offset, length)


def _startswith(context: CallContext, whole: Value, prefix: Value) -> Value:
    return _at_end(context, whole, prefix, certain_prefix, lambda text: text, str.startswith)


def _endswith(context: CallContext, whole: Value, suffix: Value) -> Value:
    return _at_end(context, whole, suffix, certain_suffix, lambda text: text[::-1], str.endswith)


def _at_end(
    context: CallContext,
    whole: Value,
    mark: Value,
    certain: Callable[[tuple[str | Hole, ...]], str],
    turned: Callable[[str], str],
    test: Callable[[str, str], bool],
) -> Value:
    parts = parts_of(whole)
    if parts is None or not isinstance(mark, Known):
        return context.unknown(whole, mark)
    known, wanted = certain(parts), str(mark.value)
    shared = min(len(known), len(wanted))
    if test(known, wanted):
        return Known(True, context.span)
    is_whole = len(parts) == 1 and isinstance(parts[0], str)
    if is_whole or turned(known)[:shared] != turned(wanted)[:shared]:
        return Known(False, context.span)
    return context.unknown(whole, mark)


def _strcontains(context: CallContext, whole: Value, mark: Value) -> Value:
    parts = parts_of(whole)
    if parts is None or not isinstance(mark, Known):
        return context.unknown(whole, mark)
    wanted = str(mark.value)
    if any(isinstance(part, str) and wanted in part for part in parts):
        return Known(True, context.span)
    if all(isinstance(part, str) or _is_apart(part, wanted) for part in parts):
        return Known(False, context.span)
    return context.unknown(whole, mark)


def _strrev(whole: str) -> str:
    return "".join(reversed(graphemes(whole)))


# Patterns are loaded where they are used: they take as long as all other functions together.


def _regex(pattern: str, text: str) -> Value:
    from . import patterns

    return patterns.regex(pattern, text)


def _regexall(pattern: str, text: str) -> Value:
    from .patterns import regexall

    return regexall(pattern, text)


FUNCTIONS = {
    "chomp": trimming("chomp"),
    "endswith": symbolic(_endswith, STRING, STRING),
    "format": symbolic(format_text, STRING, variadic=ANY, takes_null=True),
    "formatlist": symbolic(format_list, STRING, variadic=ANY, takes_null=True),
    "indent": plain(_indent, NUMBER, STRING),
    "join": symbolic(_join, STRING, variadic=list_of(STRING)),
    "lower": _cased(_lower),
    "regex": plain(_regex, STRING, STRING),
    "regexall": plain(_regexall, STRING, STRING),
    "replace": symbolic(_replace, STRING, STRING, STRING),
    "split": symbolic(split, STRING, STRING),
    "startswith": symbolic(_startswith, STRING, STRING),
    "strcontains": symbolic(_strcontains, STRING, STRING),
    "strrev": plain(_strrev, STRING),
    "substr": symbolic(_substr, STRING, NUMBER, NUMBER),
    "title": plain(_title, STRING),
    "trim": trimming("trim"),
    "trimprefix": trimming("trimprefix"),
    "trimspace": trimming("trimspace"),
    "trimsuffix": trimming("trimsuffix"),
    "upper": _cased(_upper),
}
