"""``chomp``, ``trim``, ``trimprefix``, ``trimspace`` and ``trimsuffix``, also of texts with holes:
what is cut off a literal end is certain, a hole at an end leaves it open unless it cannot hold
what is cut."""

from __future__ import annotations

from collections.abc import Sequence

from ....symbolic.records import replace
from ....symbolic.strings import blank, may_hold, parts_of
from ....symbolic.values import Hole, Known, Text, Value, text
from ..value_types import STRING
from .base import CallContext, Function, symbolic

#: What Go's TrimSpace takes for white space.
SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)

_Parts = Sequence[str | Hole]


def trimming(name: str) -> Function:
    """The function of that name among ``trim``, ``trimprefix``, ``trimspace`` ..."""
    at_start = name in ("trim", "trimprefix", "trimspace")
    at_end = name != "trimprefix"
    takes_mark = name in ("trim", "trimprefix", "trimsuffix")
    is_affix = name in ("trimprefix", "trimsuffix")
    fixed = {"trimspace": SPACE, "chomp": "\r\n"}.get(name, "")

    def trimmed(context: CallContext, whole: Value, *marks: Value) -> Value:
        parts = parts_of(whole)
        if parts is None or not all(isinstance(mark, Known) for mark in marks):
            return context.unknown(whole, *marks)
        mark = str(marks[0].value) if marks and isinstance(marks[0], Known) else fixed
        cut: list[str | Hole] | None = list(parts)
        for side in [side for side, applies in ((0, at_start), (-1, at_end)) if applies]:
            cut = cut and (_without_affix if is_affix else _stripped)(cut, mark, side)
        if cut is None:
            return context.unknown(whole, *marks)
        if cut == list(parts):
            return whole
        kept: list[Value] = [Known(part) if isinstance(part, str) else part for part in cut]
        result = text(kept or [Known("")], context.span)
        if isinstance(result, (Known, Text)) and isinstance(whole, (Known, Text)):
            return replace(result, encodes=None if is_affix else whole.encodes)
        return result

    return symbolic(trimmed, STRING, *([STRING] if takes_mark else []))


def _stripped(parts: list[str | Hole], cutset: str, side: int) -> list[str | Hole] | None:
    """Without the characters of ``cutset`` at the start (0) or end (-1); None when that is open."""
    while parts:
        end = parts[side]
        if not isinstance(end, str):
            is_open = blank(end).least == 0 or any(may_hold(end, letter) for letter in cutset)
            return None if is_open else parts
        kept = (end.lstrip(cutset) if side == 0 else end.rstrip(cutset)) if cutset else end
        if kept:
            return [kept, *parts[1:]] if side == 0 else [*parts[:-1], kept]
        parts = parts[1:] if side == 0 else parts[:-1]
    return parts


def _without_affix(parts: list[str | Hole], affix: str, side: int) -> list[str | Hole] | None:
    if not parts or not affix:
        return parts
    end = parts[side]
    if not isinstance(end, str):
        is_closed = not may_hold(end, affix[side]) and blank(end).least > 0
        return parts if is_closed else None
    has = end.startswith(affix) if side == 0 else end.endswith(affix)
    if has:
        kept = end[len(affix) :] if side == 0 else end[: -len(affix)]
        return [kept, *parts[1:]] if side == 0 else [*parts[:-1], kept]
    may_grow = len(parts) > 1 and (affix.startswith(end) if side == 0 else affix.endswith(end))
    return None if may_grow else parts
