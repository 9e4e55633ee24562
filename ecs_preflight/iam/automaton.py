"""Patterns against texts with blanks, decided by sets of positions held in the bits of an integer.

A pattern is a sequence of characters, wildcards and blanks; a subject one of characters and blanks. A
set of positions says how much of the pattern can have been used up so far; each character of the
subject moves all of them at once, so the work grows with the lengths' product, divided by the word
size: no backtracking, whatever the pattern.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Union

#: The most sets of positions that ``certain`` follows at once; beyond, it keeps what they share.
MAX_SETS = 32


@dataclass(frozen=True, slots=True)
class Blank:
    """A part of a text that is not known: ``least`` to ``most`` characters out of ``letters`` (None:
    any). Blanks with the same non-empty symbol are equal."""

    symbol: str = ""
    letters: frozenset[str] | None = None
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Wild:
    """``?`` (one character) or, with ``many``, ``*`` (any number of them)."""

    many: bool


Token = Union[str, Blank, Wild]
Tokens = tuple[Token, ...]


def certain(pattern: Tokens, subject: Tokens) -> bool:
    """Does the pattern match the subject however the blanks turn out?

    Never true wrongly. A blank of the pattern only matches the same blank. A blank of the subject is
    matched by wildcards alone: what matches a character that stands nowhere in the pattern matches all
    others as well; so it is tried with each number of such characters.
    """
    automaton = _exact(pattern)
    sets = {automaton.start}
    for token in subject:
        if isinstance(token, str):
            sets = {automaton.after(positions, token) for positions in sets}
        elif isinstance(token, Blank):
            sets = _least({later for positions in sets for later in automaton.through(positions, token)})
        if 0 in sets:
            return False
    return all(automaton.ends(positions) for positions in sets)


def possible(pattern: Tokens, subject: Tokens) -> bool:
    """May the pattern match the subject for some value of the blanks?

    Never false wrongly. Blanks are taken to be independent of each other, but for those at which both
    texts begin or end alike.
    """
    pattern, subject = _without_common_ends(pattern, subject)
    if pattern and subject and isinstance(pattern[0], str) and isinstance(subject[0], str):
        return False
    automaton = _loose(pattern)
    positions = automaton.start
    for token in subject:
        if isinstance(token, str):
            positions = automaton.after(positions, token)
        elif isinstance(token, Blank):
            positions = automaton.within(positions, token)
        if not positions:
            return False
    return automaton.ends(positions)


class _Automaton:
    """The positions of a pattern, by what they accept."""

    def __init__(self, pattern: Tokens, loose: bool) -> None:
        self.characters: dict[str, int] = {}
        self.classes: dict[frozenset[str] | None, int] = {}
        self.symbols: dict[str, int] = {}
        self.loops = 0  # positions that stay after a character, and need none
        self.skips = 0  # positions that need none
        self.size = 0
        for token in pattern:
            if isinstance(token, str):
                self.characters[token] = self.characters.get(token, 0) | self._next()
            elif isinstance(token, Wild):
                self._accept(None, loop=token.many)
            elif loose:
                self._accept_blank(token)
            else:
                self.symbols[token.symbol] = self.symbols.get(token.symbol, 0) | self._next()
        self.start = self._settled(1)

    def _next(self) -> int:
        self.size += 1
        return 1 << (self.size - 1)

    def _accept(self, letters: frozenset[str] | None, loop: bool = False, skip: bool = False) -> None:
        bit = self._next()
        self.classes[letters] = self.classes.get(letters, 0) | bit
        self.loops |= bit if loop else 0
        self.skips |= bit if loop or skip else 0

    def _accept_blank(self, blank: Blank) -> None:
        for _ in range(blank.least):
            self._accept(blank.letters)
        if blank.most is None:
            self._accept(blank.letters, loop=True)
        for _ in range((blank.most or blank.least) - blank.least):
            self._accept(blank.letters, skip=True)

    def ends(self, positions: int) -> bool:
        return bool(positions >> self.size & 1)

    def after(self, positions: int, character: str) -> int:
        """Where one character leads."""
        accepting = self.characters.get(character, 0)
        for letters, bits in self.classes.items():
            if letters is None or character in letters:
                accepting |= bits
        return self._moved(positions & accepting)

    def within(self, positions: int, blank: Blank) -> int:
        """Where some value of a blank leads."""
        accepting = self._sharing(blank.letters)
        for _ in range(blank.least):
            positions = self._moved(positions & accepting)
        if blank.most is None:
            return _flooded(positions, accepting | self.skips)
        for _ in range(blank.most - blank.least):
            positions |= self._moved(positions & accepting)
        return positions

    def through(self, positions: int, blank: Blank) -> set[int]:
        """Where each length of a blank leads, for characters that only wildcards accept."""
        wild = self.classes.get(None, 0)
        same = self._settled((positions & self.symbols.get(blank.symbol, 0)) << 1) if blank.symbol else 0
        for _ in range(blank.least):
            positions = self._moved(positions & wild)
        found = {positions | same}
        for _ in range(self.size + 1 if blank.most is None else blank.most - blank.least):
            longer = self._moved(positions & wild)
            if longer & positions == positions:  # and so on: each further one leads to no fewer
                break
            positions = longer
            found.add(positions | same)
            if len(found) > MAX_SETS:
                return {same}
        return found

    def _sharing(self, letters: frozenset[str] | None) -> int:
        """The positions that accept at least one of the letters."""
        if letters is None:
            return (1 << self.size) - 1
        accepting = 0
        for character, bits in self.characters.items():
            if character in letters:
                accepting |= bits
        for others, bits in self.classes.items():
            if others is None or others & letters:
                accepting |= bits
        return accepting

    def _moved(self, hit: int) -> int:
        return self._settled((hit & ~self.loops) << 1 | hit & self.loops)

    def _settled(self, positions: int) -> int:
        return _flooded(positions, self.skips)


def _flooded(positions: int, passable: int) -> int:
    """The positions, and all that are reached from them over an unbroken run of passable ones.

    Adding the positions to the passable bits carries through the rest of each run: the bits that
    change are the ones passed over.
    """
    return positions | (positions & passable) + passable ^ passable


@lru_cache(maxsize=1024)
def _exact(pattern: Tokens) -> _Automaton:
    return _Automaton(pattern, loose=False)


@lru_cache(maxsize=1024)
def _loose(pattern: Tokens) -> _Automaton:
    return _Automaton(pattern, loose=True)


def _least(sets: set[int]) -> set[int]:
    """The sets that contain no other one: what holds from those holds from all."""
    smallest = {s for s in sets if not any(other != s and other & s == other for other in sets)}
    if len(smallest) <= MAX_SETS:
        return smallest
    shared = -1
    for positions in smallest:
        shared &= positions
    return {shared}


def _without_common_ends(pattern: Tokens, subject: Tokens) -> tuple[Tokens, Tokens]:
    """Both without what they begin and end with alike; wildcards are like nothing."""
    length = min(len(pattern), len(subject))
    start = 0
    while start < length and _alike(pattern[start], subject[start]):
        start += 1
    pattern, subject = pattern[start:], subject[start:]
    length, end = length - start, 0
    while end < length and _alike(pattern[-1 - end], subject[-1 - end]):
        end += 1
    return pattern[:len(pattern) - end], subject[:len(subject) - end]


def _alike(one: Token, other: Token) -> bool:
    if isinstance(one, Blank) and isinstance(other, Blank):
        return one.symbol == other.symbol != ""
    return isinstance(one, str) and one == other
