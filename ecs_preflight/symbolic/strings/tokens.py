"""A text as a comparison reads it: runs of characters, blanks for what is not known, wildcards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Union

from ..patterns import regex
from ..records import dataclass
from ..terms import Term
from ..values import Hole, Known, Reference, Shape, Text, Unknown, Value, shown_value

_DIGITS = frozenset("0123456789")
_ALPHANUMERIC = _DIGITS | frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_WILDCARD = regex(r"([*?])")


@dataclass(frozen=True, slots=True)
class Blank:
    """A part of a text that is not known: ``least`` characters out of ``letters`` (None: any), or
    ``more``. Blanks with the same term are equal; ``unique`` ones with different
    symbols are not."""

    symbol: Term | None = None
    letters: frozenset[str] | None = None
    least: int = 0
    more: bool = True
    unique: bool = False


@dataclass(frozen=True, slots=True)
class Wild:
    """``?`` (one character) or, with ``many``, ``*`` (any number of them)."""

    many: bool


#: A run of characters, a blank or a wildcard.
Token = Union[str, Blank, Wild]
Tokens = tuple[Token, ...]

ANY = (Wild(True),)


def literally(part: str) -> Sequence[Token]:
    """A literal part in which every character stands for itself."""
    return (part,)


def with_wildcards(part: str) -> list[Token]:
    """A literal part in which ``*`` and ``?`` are wildcards."""
    return [Wild(piece == "*") if piece in ("*", "?") else piece for piece in _WILDCARD.split(part)]


def tokens(
    value: Value,
    read: Callable[[str], Sequence[Token]] | None = None,
    fold: bool = False,
    of_hole: Callable[[Hole], Blank] | None = None,
) -> Tokens | None:
    """The tokens of a text; None for what is no text. Each literal part is read by ``read``
    (``literally``), with ``fold`` in small letters, and each hole by ``of_hole`` (``blank``)."""
    if isinstance(value, Text):
        parts: tuple[str | Hole, ...] = value.parts
    elif isinstance(value, (Unknown, Reference)):
        parts = (value,)
    elif isinstance(value, Known) and value.value is not None:
        parts = (shown_value(value),)
    else:
        return None
    return of_parts(parts, read, fold, of_hole)


def of_parts(
    parts: Iterable[str | Hole],
    read: Callable[[str], Sequence[Token]] | None = None,
    fold: bool = False,
    of_hole: Callable[[Hole], Blank] | None = None,
) -> Tokens:
    """The same of a text's parts."""
    read, of_hole = read or literally, of_hole or blank
    return joined(
        token
        for part in parts
        for token in (
            read(part.lower() if fold else part) if isinstance(part, str) else (of_hole(part),)
        )
    )


def joined(tokens: Iterable[Token]) -> Tokens:
    """Runs of characters joined, and runs of wildcards in one order: all ``?``, then one ``*``."""
    found: list[Token] = []
    pending = False
    for token in tokens:
        if token == "":
            continue
        if isinstance(token, Wild) and token.many:
            pending = True
        elif isinstance(token, Wild):
            found.append(token)
        else:
            found += [Wild(True)] if pending else []
            pending = False
            if isinstance(token, str) and found and isinstance(found[-1], str):
                found[-1] += token
            else:
                found.append(token)
    return (*found, Wild(True)) if pending else tuple(found)


def blank(hole: Hole) -> Blank:
    """What is known of a hole. An attribute of a resource is not empty."""
    if isinstance(hole, Reference):
        return Blank(hole.symbol, least=1)
    _, least, most = hole.shape.value
    letters = _letters(hole.shape)
    return Blank(hole.symbol, letters, least, more=most != least, unique=hole.unique)


@cache
def _letters(shape: Shape) -> frozenset[str] | None:
    """What may stand in a hole of that shape, one set for all of them."""
    if shape in (Shape.ACCOUNT, Shape.REVISION, Shape.POSITIVE):
        return _DIGITS
    extra = shape.value[0]
    return None if extra is None else _ALPHANUMERIC | frozenset(extra)
