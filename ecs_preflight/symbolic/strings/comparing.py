"""Can two texts with holes be the same one?"""

from __future__ import annotations

from collections.abc import Sequence

from ..budget import charge
from ..values import Hole, Value, expanded
from .automaton import may_match, must_match
from .tokens import Blank, Tokens, Wild, joined, of_parts, tokens, with_wildcards


def may_equal(one: Value, other: Value) -> bool:
    """Can the two read the same, however their holes turn out? So may what is no text."""
    mine, theirs = tokens(expanded(one)), tokens(expanded(other))
    return mine is None or theirs is None or may_match(mine, theirs)


def parts_may_equal(one: Sequence[str | Hole], other: Sequence[str | Hole]) -> bool:
    """The same of two texts' parts."""
    charge()
    return may_match(of_parts(one), of_parts(other))


def is_instance(special: Value, general: Value) -> bool:
    """Is ``special`` what ``general`` reads with its holes filled, with literals or other holes?"""
    mine, theirs = tokens(expanded(special)), tokens(expanded(general))
    return mine is not None and theirs is not None and must_match(_filled_by_anything(theirs), mine)


def must_cover(pattern: str, subject: Value) -> bool:
    """Does the pattern, with ``*`` and ``?``, match the text however its holes turn out? A hole is
    covered by ``*`` alone."""
    written = tokens(expanded(subject))
    return written is not None and must_match(joined(with_wildcards(pattern)), written)


def _filled_by_anything(written: Tokens) -> Tokens:
    return joined(Wild(True) if isinstance(token, Blank) else token for token in written)
