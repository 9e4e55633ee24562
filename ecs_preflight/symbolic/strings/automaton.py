"""Patterns against texts with blanks, decided by sets of positions held in the bits of an integer.

A pattern is a sequence of characters, wildcards and blanks; a subject one of characters and blanks.
A set of positions says how much of the pattern can have been used up so far; each character of the
subject moves all of them at once, so the work grows with the lengths' product, divided by the word
size: no backtracking, whatever the pattern.
"""

from __future__ import annotations

from functools import lru_cache

from ..budget import charge
from ..terms import Term
from .tokens import ANY, Blank, Token, Tokens, Wild

#: The most sets of positions that ``must_match`` follows at once; beyond, it keeps what they share.
MAX_SETS = 32


def must_match(pattern: Tokens, subject: Tokens) -> bool:
    """Does the pattern match the subject however the blanks turn out?

    Never true wrongly. A blank of the pattern only matches the same blank. A blank of the subject
    is matched by wildcards alone: what matches a character that stands nowhere in the pattern
    matches all others as well; so it is tried with each number of such characters.
    """
    pattern, subject = _without_common_ends(pattern, subject)
    if pattern == ANY or _differ(pattern, subject):
        return pattern == ANY
    automaton = _exact(pattern)
    sets = {automaton.start}
    for token in subject:
        charge(len(sets) * _cost(automaton, token))
        if isinstance(token, Blank):
            sets = _least(
                {later for positions in sets for later in automaton.through(positions, token)}
            )
        else:
            sets = {automaton.after(positions, str(token)) for positions in sets}
        if 0 in sets:
            return False
    return all(automaton.ends(positions) for positions in sets)


def may_match(pattern: Tokens, subject: Tokens) -> bool:
    """May the pattern match the subject for some value of the blanks?

    Never false wrongly. Blanks are taken to be independent of each other, but for those at which
    both texts begin or end alike.
    """
    pattern, subject = _without_common_ends(pattern, subject)
    if pattern == ANY or _differ(pattern, subject):
        return pattern == ANY
    automaton = _loose(pattern)
    positions = automaton.start
    for token in subject:
        charge(_cost(automaton, token))
        positions = (
            automaton.within(positions, token)
            if isinstance(token, Blank)
            else automaton.after(positions, str(token))
        )
        if not positions:
            return False
    return automaton.ends(positions)


def _cost(automaton: _Automaton, token: Token) -> int:
    """What a token of the subject costs: each character a few operations on sets of positions; a
    blank as many as there are positions."""
    moves = len(token) if isinstance(token, str) else automaton.size
    return 2 + moves * (1 + automaton.size // 2048) // 4


class _Automaton:
    """The positions of a pattern, by what they accept."""

    def __init__(self, pattern: Tokens, loose: bool) -> None:
        self.characters: dict[str, int] = {}
        self.classes: dict[frozenset[str] | None, int] = {}
        self.symbols: dict[Term | None, int] = {}
        self.taking: dict[str, int] = {}
        self.loops = 0  # positions that need no character, and stay after one
        self.size = 0
        for token in pattern:
            if isinstance(token, str):
                for character in token:
                    self.characters[character] = self.characters.get(character, 0) | self._next()
            elif isinstance(token, Wild):
                self._accept(None, token.many)
            elif loose:
                for _ in range(token.least):
                    self._accept(token.letters, False)
                if token.more:
                    self._accept(token.letters, True)
            else:
                self.symbols[token.symbol] = self.symbols.get(token.symbol, 0) | self._next()
        self.start = self._settled(1)

    def _next(self) -> int:
        self.size += 1
        return 1 << (self.size - 1)

    def _accept(self, letters: frozenset[str] | None, loop: bool) -> None:
        bit = self._next()
        self.classes[letters] = self.classes.get(letters, 0) | bit
        self.loops |= bit if loop else 0

    def ends(self, positions: int) -> bool:
        return bool(positions >> self.size & 1)

    def after(self, positions: int, written: str) -> int:
        """Where the characters lead."""
        for character in written:
            positions = self._moved(positions & self._taking(character))
            if not positions:
                break
        return positions

    def within(self, positions: int, blank: Blank) -> int:
        """Where some value of a blank leads."""
        accepting = self._sharing(blank.letters)
        for _ in range(blank.least):
            positions = self._moved(positions & accepting)
        return _flooded(positions, accepting | self.loops) if blank.more else positions

    def through(self, positions: int, blank: Blank) -> set[int]:
        """Where each length of a blank leads, for characters that only wildcards accept."""
        wild = self.classes.get(None, 0)
        alike = self.symbols.get(blank.symbol, 0) if blank.symbol else 0
        same = self._settled((positions & alike) << 1)
        for _ in range(blank.least):
            positions = self._moved(positions & wild)
        found = {positions | same}
        for _ in range(self.size + 1 if blank.more else 0):
            longer = self._moved(positions & wild)
            if longer & positions == positions:  # and so on: each further one leads to no fewer
                break
            positions = longer
            found.add(positions | same)
            if len(found) > MAX_SETS:
                return {same}
        return found

    def _taking(self, character: str) -> int:
        """The positions that accept the character."""
        accepting = self.taking.get(character)
        if accepting is None:
            accepting = self.characters.get(character, 0)
            for letters, bits in self.classes.items():
                if letters is None or character in letters:
                    accepting |= bits
            self.taking[character] = accepting
        return accepting

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
        return _flooded(positions, self.loops)


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


def _differ(pattern: Tokens, subject: Tokens) -> bool:
    """Do the texts, without what they have in common at the ends, begin or end with characters, or
    with what AWS chose for two resources?"""
    return bool(pattern and subject) and any(_unlike(pattern[end], subject[end]) for end in (0, -1))


def _unlike(ours: Token, theirs: Token) -> bool:
    if isinstance(ours, Blank) and isinstance(theirs, Blank):
        return ours.unique and theirs.unique
    return isinstance(ours, str) and isinstance(theirs, str)


def _without_common_ends(pattern: Tokens, subject: Tokens) -> tuple[Tokens, Tokens]:
    """Both without what they begin and end with alike; wildcards are like nothing."""
    ours, theirs = list(pattern), list(subject)
    _trim(ours, theirs, 0)
    _trim(ours, theirs, -1)
    return tuple(ours), tuple(theirs)


def _trim(ours: list[Token], theirs: list[Token], end: int) -> None:
    """Takes from both what they have in common at that end (0 or -1)."""
    while ours and theirs:
        one, other = ours[end], theirs[end]
        if isinstance(one, str) and isinstance(other, str):
            length = _alike(one, other, end)
            if length == 0:
                return
            ours[end], theirs[end] = (
                (one[length:], other[length:]) if end == 0 else (one[:-length], other[:-length])
            )
        elif _is_blank(one, other):
            ours[end] = theirs[end] = ""
        else:
            return
        for tokens in (ours, theirs):
            if tokens[end] == "":
                del tokens[end]


def _is_blank(one: Token, other: Token) -> bool:
    """Are the two the same blank?"""
    return (
        isinstance(one, Blank)
        and isinstance(other, Blank)
        and one.symbol == other.symbol is not None
    )


def _alike(one: str, other: str, end: int) -> int:
    """How many characters the two have in common at that end."""
    if end == -1:
        one, other = one[::-1], other[::-1]
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while low < high:  # all up to ``low`` are alike, and not all up to ``high`` + 1
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
