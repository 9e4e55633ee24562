"""Patterns with ``*``, ``?`` and ``[...]``, matched in time linear in the text.

A pattern is a row of positions; those that a text can have come to are held in the bits of an
integer, and each character moves all of them at once. Nothing goes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile

from .budget import OverBudget, charge
from .records import dataclass

#: How deep braces may be nested, and in how many patterns they may end.
MAX_BRACES, MAX_ALTERNATIVES = 30, 200


@dataclass(frozen=True, slots=True)
class Letters:
    """Characters: ranges (first, last), or with ``negated`` all others."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False

    def hold(self, letter: str) -> bool:
        """Is the character one of them?"""
        return any(first <= letter <= last for first, last in self.ranges) is not self.negated


ANY = Letters((), negated=True)
NO_SLASH = Letters((("/", "/"),), negated=True)


@dataclass(frozen=True, slots=True)
class GlobStep:
    """What one position accepts; any number of it with ``loop``. A ``door`` accepts nothing: it
    leads on, or past the two steps behind it."""

    letters: Letters
    loop: bool = False
    door: bool = False


class Glob:
    """A row of steps, to be matched with whole texts."""

    def __init__(self, steps: Sequence[GlobStep]) -> None:
        self._size = len(steps)
        self._letters: dict[Letters, int] = {}
        self._loops = self._doors = 0
        for position, step in enumerate(steps):
            bit = 1 << position
            if step.door:
                self._doors |= bit
                continue
            self._letters[step.letters] = self._letters.get(step.letters, 0) | bit
            self._loops |= bit if step.loop else 0
        self._accepting: dict[str, int] = {}
        #: What every text begins and ends with, and nearly all that are asked about do not.
        self._start = "".join(takewhile(bool, map(_letter, steps)))
        ends = "" if self._doors else "".join(takewhile(bool, map(_letter, reversed(steps))))
        self._end = ends[::-1]
        #: Of ``*.log`` and its like, what may stand between them.
        between = steps[len(self._start) : len(steps) - len(ends)]
        self._between = between[0].letters if len(between) == 1 and between[0].loop else None

    @property
    def literal(self) -> str | None:
        """The only text that matches; None where others do."""
        return self._start if len(self._start) == self._size else None

    @property
    def ends(self) -> tuple[str, str]:
        """What every text that matches begins and ends with."""
        return self._start, self._end

    def matches(self, text: str) -> bool:
        """Raises OverBudget."""
        if not text.startswith(self._start) or not text.endswith(self._end):
            return False
        if len(self._start) == self._size:
            return text == self._start
        if self._between is ANY or self._between is NO_SLASH:
            end = len(text) - len(self._end)
            is_one = self._between is ANY or text.find("/", len(self._start), end) < 0
            return is_one and len(self._start) <= end
        charge(1 + len(text) * (1 + self._size // 512) // 4)
        positions = self._settled(1)
        for letter in text:
            hit = positions & self._taking(letter)
            positions = self._settled((hit & ~self._loops) << 1 | hit & self._loops)
            if not positions:
                return False
        return bool(positions >> self._size & 1)

    def _taking(self, letter: str) -> int:
        found = self._accepting.get(letter)
        if found is None:
            charge(1 + len(self._letters) // 4)
            found = 0
            for letters, bits in self._letters.items():
                found |= bits if letters.hold(letter) else 0
            self._accepting[letter] = found
        return found

    def _settled(self, positions: int) -> int:
        """With all that is reached without a character: over loops, and through doors. Two doors
        never follow each other, so that twice is enough."""
        passable = self._loops | self._doors
        for _ in range(2 if self._doors else 1):
            positions |= (positions & self._doors) << 3
            positions |= (positions & passable) + passable ^ passable
        return positions


@lru_cache(maxsize=4096)
def text_glob(pattern: str) -> Glob:
    """``*``, ``?`` and ``[...]`` of a text, in which ``/`` is a letter like any other; as fnmatch
    has them."""
    return Glob(list(_steps(_words(pattern, escapes=False), ANY)))


@lru_cache(maxsize=4096)
def name_glob(pattern: str) -> Glob:
    """The same with backslashes, as a ``.gitignore`` has them, for one name of a path."""
    return Glob(list(_steps(_words(pattern, escapes=True), NO_SLASH)))


@lru_cache(maxsize=256)
def path_globs(pattern: str) -> tuple[Glob, ...]:
    """``*`` within a name, ``**`` over names, ``{a,b}``: any of the globs matches. Raises
    ValueError for an open brace, OverBudget for too many of them."""
    rows = _alternatives(list(_words(pattern, escapes=True)))
    return tuple(Glob(list(_steps(row, NO_SLASH))) for row in rows)


#: A character as it is, or a word of the pattern's own: ``*``, ``**``, ``**/``, ``?``, ``[...]``,
#: a brace or a comma.
Word = tuple[str, bool]


def _words(pattern: str, *, escapes: bool) -> Iterator[Word]:
    """(text, is it a word of the pattern's own?)."""
    at, last = 0, pattern.rfind("]")
    while at < len(pattern):
        letter = pattern[at]
        if letter == "*":
            end = at
            while end < len(pattern) and pattern[end] == "*":
                end += 1
            word = "*" if end - at == 1 else "**/" if pattern[end : end + 1] == "/" else "**"
            yield word, True
            at = end + (word == "**/")
        elif letter == "\\" and escapes and at + 1 < len(pattern):
            yield pattern[at + 1], False
            at += 2
        elif letter == "[" and at < last:
            begin = at + 1 + (pattern[at + 1] in "!^")
            end = pattern.find("]", begin + (pattern[begin : begin + 1] == "]"))
            if end < 0:
                yield letter, False
                at += 1
            else:
                yield pattern[at : end + 1], True
                at = end + 1
        else:
            yield letter, letter in "?{},"
            at += 1


def _steps(words: Sequence[Word] | Iterator[Word], gap: Letters) -> Iterator[GlobStep]:
    """``gap`` is what ``*`` and ``?`` stand for."""
    before = ""
    for text, is_own in words:
        if not is_own or text in ("{", "}", ","):
            yield GlobStep(_one(text))
        elif text == "**/" and gap is NO_SLASH:
            if before != "**/":
                yield from (GlobStep(ANY, door=True), GlobStep(ANY, loop=True), GlobStep(_one("/")))
        elif text.startswith("*"):
            yield GlobStep(gap if text == "*" else ANY, loop=True)
            if text == "**/":
                yield GlobStep(_one("/"))
        else:
            yield GlobStep(gap if text == "?" else _class(text))
        before = text if is_own else ""


def _letter(step: GlobStep) -> str:
    """The only letter that the step accepts, once; else none."""
    letters = step.letters
    if step.loop or step.door or letters.negated or len(letters.ranges) != 1:
        return ""
    first, last = letters.ranges[0]
    return first if first == last else ""


def _one(letter: str) -> Letters:
    return Letters(((letter, letter),))


def _class(text: str) -> Letters:
    """``[abc]``, ``[a-z]``, ``[!a]``."""
    body = text[1:-1]
    negated = body[:1] in ("!", "^")
    body = body[1:] if negated else body
    ranges: list[tuple[str, str]] = []
    at = 0
    while at < len(body):
        if body[at] == "\\" and at + 1 < len(body):
            at += 1
        if body[at + 1 : at + 2] == "-" and at + 2 < len(body):
            ranges.append((body[at], body[at + 2]))
            at += 3
        else:
            ranges.append((body[at], body[at]))
            at += 1
    return Letters(tuple(dict.fromkeys(ranges)), negated)


def _alternatives(words: list[Word]) -> list[list[Word]]:
    """The rows of words that braces stand for."""
    open_rows: list[tuple[list[list[Word]], list[list[Word]]]] = []
    done: list[list[Word]] = []
    rows: list[list[Word]] = [[]]
    for word in words:
        if word == ("{", True):
            if len(open_rows) >= MAX_BRACES:
                raise OverBudget
            open_rows.append((rows, done))
            rows, done = [[]], []
        elif word == (",", True) and open_rows:
            done += rows
            rows = [[]]
        elif word == ("}", True) and open_rows:
            inner = [*done, *rows]
            rows, done = open_rows.pop()
            if len(rows) * len(inner) > MAX_ALTERNATIVES:
                raise OverBudget
            charge(sum(map(len, rows)) * len(inner) + sum(map(len, inner)) * len(rows))
            rows = [before + after for before in rows for after in inner]
        else:
            charge(len(rows))
            for row in rows:
                row.append(word)
    if open_rows:
        raise ValueError("the pattern has an open brace")
    return rows
