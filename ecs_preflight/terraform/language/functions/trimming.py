"""``chomp``, ``trim``, ``trimprefix``, ``trimspace`` and ``trimsuffix``, also of texts with holes:
what is cut off a literal end is certain, a hole at an end leaves it open unless it cannot hold
what is cut, or is what is cut."""

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
        mark = parts_of(marks[0]) if marks else (fixed,)
        if parts is None or mark is None:
            return context.unknown(whole, *marks)
        cut: list[str | Hole] | None = list(parts)
        for side in [side for side, applies in ((0, at_start), (-1, at_end)) if applies]:
            letters = next(iter(mark), "") if len(mark) < 2 else None
            if isinstance(letters, str):
                cut = cut and (_without_affix if is_affix else _stripped)(cut, letters, side)
            else:
                cut = _without_same(cut or [], mark, side) if is_affix else None
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


def _without_same(parts: _Parts, affix: _Parts, side: int) -> list[str | Hole] | None:
    """Without an affix that holds holes, where the very same stand there; None where that is
    open."""
    rest = list(parts)
    for piece in affix if side == 0 else reversed(affix):
        end = rest[side] if rest else ""
        if not isinstance(piece, str):
            if isinstance(end, str) or piece.symbol is None or piece.symbol != end.symbol:
                return None
            del rest[side]
            continue
        if not isinstance(end, str) or not (
            end.startswith(piece) if side == 0 else end.endswith(piece)
        ):
            return None
        kept = end[len(piece) :] if side == 0 else end[: len(end) - len(piece)]
        rest[side : side + 1 or None] = [kept] if kept else []
    return rest


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
