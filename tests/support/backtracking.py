"""Can a pattern of ``re`` take more than linear time on some text?

``re`` tries one way after the other, so it takes as many steps as there are ways for a part of a
text to be read. That number grows with the text exactly where two states ``p`` and ``q`` of the
pattern's automaton and a word are such that the word leads from ``p`` to ``p``, from ``p`` to ``q``
and from ``q`` to ``q`` (Weber and Seidl 1991; Weideman et al. 2016). What is searched for begins
anywhere: such a pattern has a loop more in front.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import Any

from ecs_preflight.symbolic.records import dataclass, field

if sys.version_info >= (3, 11):
    from re import _parser as parser
else:
    import sre_parse as parser

#: One letter of each kind there is; those of the pattern, and what stands beside them, are added.
LETTERS = "aZ05_ \t\n\r-é\u2028\0.:/\"'{}[]"
#: Of how many copies a counted repetition is made: more of them are a factor, and no power.
COPIES = 3
#: What begins where it is told to.
ANCHORED = ("match", "fullmatch")

Letters = frozenset[str]


@dataclass
class Part:
    """A part of the pattern: where it begins and ends, and whether it can be empty."""

    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    empty: bool = True


class Automaton:
    """A state for each place of the pattern where a letter is read."""

    def __init__(self, pattern: str | bytes, flags: int, method: str) -> None:
        text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
        tree = parser.parse(text, flags)
        self.flags = tree.state.flags
        self.alphabet = _alphabet(_codes(tree))
        self.reads: list[Letters] = []
        self.follows: Counter[tuple[int, int]] = Counter()
        #: After these the pattern has matched, whatever comes.
        self.ends: set[int] = set()
        whole = self._sequence(list(tree))
        certain = method != "fullmatch" and not _has(tree[1:], (parser.AT, parser.ASSERT))
        self.ends = set(whole.last) if certain else set()
        if method not in ANCHORED:
            self._sought(tree, whole)

    def _sought(self, tree: Any, whole: Part) -> None:
        """The loop in front: over anything, or over whole lines."""
        begins = [tree[0][1]] if tree and tree[0][0] is parser.AT else []
        lines = bool(self.flags & re.MULTILINE)
        if begins and begins[0] in (parser.AT_BEGINNING, parser.AT_BEGINNING_STRING):
            if begins[0] is parser.AT_BEGINNING_STRING or not lines:
                return
            line, end = self._letter(self.alphabet - {"\n"}), self._letter(Letters("\n"))
            for one in (line, end):
                for other in (line, end):
                    self.follows[one, other] += 1
            self.follows.update((end, each) for each in whole.first)
        else:
            anything = self._letter(self.alphabet)
            self.follows[anything, anything] += 1
            self.follows.update((anything, each) for each in whole.first)

    def _letter(self, letters: Iterable[str]) -> int:
        self.reads.append(Letters(letters))
        return len(self.reads) - 1

    def _sequence(self, items: Iterable[Any]) -> Part:
        whole = Part()
        for item in items:
            whole = self._then(whole, self._part(*item))
        return whole

    def _then(self, one: Part, other: Part) -> Part:
        self.follows.update((a, b) for a in one.last for b in other.first)
        return Part(
            [*one.first, *(other.first if one.empty else ())],
            [*other.last, *(one.last if other.empty else ())],
            one.empty and other.empty,
        )

    def _part(self, kind: Any, value: Any) -> Part:
        if kind in (parser.MAX_REPEAT, parser.MIN_REPEAT):
            return self._repeated(*value)
        if kind is parser.BRANCH:
            return self._either(value[1])
        if kind is parser.SUBPATTERN:
            return self._sequence(value[-1])
        if kind is parser.AT:
            return Part()
        if kind in (parser.ASSERT, parser.ASSERT_NOT):
            direction, inner = value
            # what stands before is of a given length; what comes is read besides
            ahead = self._sequence(inner) if direction > 0 else Part()
            return Part(ahead.first, [], True)
        if kind is parser.GROUPREF:
            again = self._letter(self.alphabet)
            self.follows[again, again] += 1
            return Part([again], [again], True)
        letter = self._letter(_letters([(kind, value)], self.alphabet, self.flags))
        return Part([letter], [letter], False)

    def _either(self, branches: Iterable[Any]) -> Part:
        parts = [self._sequence(branch) for branch in branches]
        return Part(
            [each for part in parts for each in part.first],
            [each for part in parts for each in part.last],
            any(part.empty for part in parts),
        )

    def _repeated(self, least: int, most: int, inner: Any) -> Part:
        whole = Part()
        for _ in range(min(least, COPIES)):
            whole = self._then(whole, self._sequence(inner))
        if most > 20 and most > least:
            loop = self._sequence(inner)
            self.follows.update((a, b) for a in loop.last for b in loop.first)
            return self._then(whole, Part(loop.first, loop.last, True))
        for _ in range(min(most - least, COPIES)):
            one = self._sequence(inner)
            whole = self._then(whole, Part(one.first, one.last, True))
        return whole

    # -- what is asked of it -----------------------------------------------------------------------

    def ambiguity(self) -> str:
        """A letter that shows it, or "" where each text is read in linear time."""
        after: dict[int, list[int]] = {each: [] for each in range(len(self.reads))}
        for one, other in self.follows:
            after[one].append(other)
        reached = {each: _reached(each, after) for each in after}
        loops = [each for each in after if each in reached[each]]
        for one, other in self.follows:
            twice = self.follows[one, other] > 1
            if twice and one in reached[other] and other not in self.ends:
                return min(self.reads[other])
        for p in loops:
            for q in loops:
                if p != q and q in reached[p] and q not in self.ends:
                    found = self._meets(p, q, after, reached)
                    if found:
                        return found
        return ""

    def _meets(
        self, p: int, q: int, after: dict[int, list[int]], reached: dict[int, set[int]]
    ) -> str:
        """A letter with which a word begins that leads from p to p, from p to q and from q to q."""
        begin, goal = (p, p, q), (p, q, q)
        seen, waiting = {begin}, deque([(begin, "")])
        while waiting:
            (a, b, c), letter = waiting.popleft()
            for x in after[a]:
                if p not in reached[x] and x != p:
                    continue
                for y in after[b]:
                    if q not in reached[y] and y != q:
                        continue
                    both = self.reads[x] & self.reads[y]
                    for z in after[c] if both else ():
                        if (q in reached[z] or z == q) and both & self.reads[z]:
                            found = letter or min(both & self.reads[z])
                            if (x, y, z) == goal:
                                return found
                            if (x, y, z) not in seen:
                                seen.add((x, y, z))
                                waiting.append(((x, y, z), found))
        return ""


def _reached(start: int, after: dict[int, list[int]]) -> set[int]:
    found: set[int] = set()
    waiting = list(after[start])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += after[one]
    return found


def _has(tree: Any, kinds: tuple[Any, ...]) -> bool:
    """Is there such a thing in the pattern, which may not hold at the end?"""
    return any(
        kind in kinds or any(_has(part, kinds) for part in _inside(kind, value))
        for kind, value in tree
    )


def _inside(kind: Any, value: Any) -> list[Any]:
    """The patterns that one is made of."""
    if kind in (parser.MAX_REPEAT, parser.MIN_REPEAT):
        return [value[2]]
    if kind is parser.BRANCH:
        return list(value[1])
    if kind is parser.SUBPATTERN:
        return [value[-1]]
    return [value[1]] if kind in (parser.ASSERT, parser.ASSERT_NOT) else []


def _codes(tree: Any) -> Iterator[int]:
    """The letters that a pattern names."""
    for kind, value in tree:
        if kind in (parser.LITERAL, parser.NOT_LITERAL):
            yield value
        elif kind is parser.RANGE:
            yield from value
        elif kind is parser.IN:
            yield from _codes(value)
        for part in _inside(kind, value):
            yield from _codes(part)


def _alphabet(codes: Iterator[int]) -> Letters:
    named = {chr(min(max(code + step, 0), 0x10FFFF)) for code in codes for step in (-1, 0, 1)}
    return Letters(LETTERS) | named


def _letters(items: Any, alphabet: Letters, flags: int) -> Letters:
    """Those of the alphabet that one place of the pattern reads."""
    if items and items[0][0] is parser.IN:
        return _letters(items[0][1], alphabet, flags)
    if items and items[0][0] is parser.NEGATE:
        return alphabet - _letters(items[1:], alphabet, flags)
    found: set[str] = set()
    for kind, value in items:
        if kind is parser.LITERAL:
            found |= {chr(value), *(chr(value).swapcase() if flags & re.IGNORECASE else ())}
        elif kind is parser.NOT_LITERAL:
            found |= alphabet - {chr(value)}
        elif kind is parser.RANGE:
            found |= {one for one in alphabet if value[0] <= ord(one) <= value[1]}
        elif kind is parser.ANY:
            found |= alphabet if flags & re.DOTALL else alphabet - {"\n"}
        elif kind is parser.CATEGORY:
            name = str(value).rsplit("_", 1)[-1]
            one_of = re.compile({"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[name])
            negated = "NOT" in str(value)
            found |= {one for one in alphabet if bool(one_of.match(one)) is not negated}
        else:
            raise AssertionError(f"what is {kind} in a pattern?")
    return Letters(found)


def superlinear(pattern: str | bytes, flags: int = 0, method: str = "search") -> str:
    """A letter that a text is full of on which the pattern takes more than linear time; "" where
    there is none."""
    return Automaton(pattern, flags, method).ambiguity()
