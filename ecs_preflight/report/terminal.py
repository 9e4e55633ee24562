"""Styled lines for terminals: what may be printed, how wide, and in which colours.

A report is built of pieces, (style, text); a pipe gets the text, a terminal the colours too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from ..findings.escape import line as clean
from ..findings.escape import log
from ..symbolic.patterns import regex

__all__ = ["Line", "Piece", "clean", "coloured", "columns", "plain", "wants_colour", "wrapped"]

#: A piece of a line: (style, text). A style is a row of the words in ``_CODES``; "" is plain.
Piece = tuple[str, str]
Line = tuple[Piece, ...]

_CODES = {
    "bold": 1,
    "dim": 2,
    "underline": 4,
    "red": 31,
    "green": 32,
    "yellow": 33,
    "blue": 34,
    "cyan": 36,
}
#: Prose is wrapped to the terminal's width, within what reads well.
NARROWEST, WIDEST = 60, 160
#: Where a word that is longer than a line may be broken: behind what separates the parts of an ARN.
_BREAKS = regex(r"[^:/,?&=.]*[:/,?&=.]?")


def wants_colour(choice: str, environment: Mapping[str, str], terminal: bool) -> bool:
    """``choice`` is auto, always or never; auto follows no-color.org, FORCE_COLOR and CLICOLOR, and
    else colours a terminal."""
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        if environment.get(name, "0") not in ("", "0", "false"):
            return True
    dull = environment.get("CLICOLOR") == "0" or environment.get("TERM") == "dumb"
    return terminal and not dull


def plain(lines: Iterable[Line]) -> str:
    """The lines without styles."""
    return "".join(log("".join(text for _, text in line)) + "\n" for line in lines)


def coloured(lines: Iterable[Line]) -> str:
    """The lines with ANSI colours."""
    return "".join(log("".join(map(_painted, line))) + "\n" for line in lines)


def _painted(piece: Piece) -> str:
    style, text = piece
    if not style or not text:
        return text
    return f"\x1b[{';'.join(str(_CODES[word]) for word in style.split())}m{text}\x1b[0m"


def wrapped(text: str, width: int | None) -> list[str]:
    """The text's words in rows of at most ``width`` columns (None: one row). A word that is longer,
    as an ARN may be, is broken between its parts rather than by the terminal, at its margin."""
    words = [part for word in clean(text).split() for part in _parts(word, width)]
    rows: list[str] = []
    for word, spaced in words:
        gap = " " if spaced else ""
        if rows and (width is None or columns(rows[-1] + gap + word) <= width):
            rows[-1] += gap + word
        else:
            rows.append(word)
    return rows or [""]


def _parts(word: str, width: int | None) -> Iterator[tuple[str, bool]]:
    """A word that fits in a row as it is, else its parts: (text, does a space go before it?)."""
    if width is None or columns(word) <= width:
        yield word, True
        return
    spaced, most = True, width if word.isascii() else width // 2
    for part in _BREAKS.findall(word):
        for start in range(0, len(part), most):
            yield part[start : start + most], spaced
            spaced = False


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )
