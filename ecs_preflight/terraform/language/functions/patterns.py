"""``regex``, ``regexall`` and ``replace`` with a pattern, in time linear in the text.

Source: the Terraform documentation, "regex Function"; Go's ``regexp``, whose leftmost-first
matches and ``$1`` expansions these are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ....symbolic.budget import charge
from ....symbolic.source import NOWHERE
from ....symbolic.strings import blank
from ....symbolic.values import Entries, Hole, Items, Known, Value
from ..faults import EvaluationFault, beyond_limits
from ..sizes import MAX_TEXT
from .pattern_program import Assert, CharClass, Program, Save, Split
from .pattern_syntax import compiled

#: The most instructions that all matches of one call take.
MAX_STEPS = 500_000

#: Where the groups of a match begin and end, the whole match first.
Slots = tuple[int | None, ...]


def regex(pattern: str, text: str) -> Value:
    """``regex()``: the first match, as text, list or object of its groups. Raises
    EvaluationFault."""
    program = _program(pattern)
    found = next(_matches(program, text), None)
    if found is None:
        raise EvaluationFault("the pattern does not match")
    return _captured(program, text, found)


def regexall(pattern: str, text: str) -> Value:
    """``regexall()``: all matches, as regex gives them."""
    program = _program(pattern)
    _check_names(program)
    return Items(
        tuple(_captured(program, text, found) for found in _matches(program, text)),
        span=NOWHERE,
        uniform=True,
    )


_REFERENCE = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))", re.ASCII)


def substituted(pattern: str, template: str, text: str) -> str:
    """``text`` with every match replaced, ``$1`` and ``${name}`` in ``template`` standing for
    groups."""
    program = _program(pattern)
    pieces: list[str] = []
    length = end = 0
    for slots in _matches(program, text):

        def group(reference: re.Match[str], slots: Slots = slots) -> str:
            if reference[1]:
                return "$"
            name = reference[2] or reference[3]
            number = (
                int(name[:6])
                if name.isdigit()
                else (program.groups.index(name) + 1 if name in program.groups else len(slots))
            )
            return _group(text, slots, number) or ""

        pieces.extend([text[end : slots[0]], _REFERENCE.sub(group, template)])
        length += len(pieces[-1])
        if length > MAX_TEXT:
            raise beyond_limits("a text")
        end = slots[1] or 0
    return "".join(pieces) + text[end:]


#: A literal before digits at the end: ``:\\d+$``.
_DIGITS = re.compile(r"((?:[^\\\[\](){}.*+?^$|]|\\[^\w\s])*)(?:\\d|\[0-9\])[+*]\$")
_ALL_DIGITS = frozenset("0123456789")


def without_digits(pattern: str, parts: Sequence[str | Hole]) -> list[str | Hole] | None:
    """The parts of a text without what a pattern of a literal and of digits matches at their end,
    which is a hole of digits (``:\\d+$``, a task definition's revision); None for another pattern,
    or where that cannot be told."""
    found = _DIGITS.fullmatch(pattern)
    literal = re.sub(r"\\(.)", r"\1", found[1]) if found else ""
    *before, last = parts
    letters = None if isinstance(last, str) else blank(last).letters
    # What ends in a digit may begin to match before the literal does.
    if not literal or literal[-1].isdigit() or letters is None or not letters <= _ALL_DIGITS:
        return None
    text = before[-1] if before else ""
    if not isinstance(text, str) or not text.endswith(literal):
        return None
    return [*before[:-1], text.removesuffix(literal)]


def _program(pattern: str) -> Program:
    """What the pattern is compiled to, charged for whether or not it is known already: what a unit
    may do does not hang on what others have done before."""
    charge(len(pattern) // 2)
    return compiled(pattern)


def _group(text: str, slots: Slots, number: int) -> str | None:
    if 2 * number + 1 >= len(slots) or slots[2 * number + 1] is None:
        return None
    return text[slots[2 * number] : slots[2 * number + 1]]


def _check_names(program: Program) -> None:
    if len({name is None for name in program.groups}) > 1:
        raise EvaluationFault("the pattern has groups with and without names")


def _captured(program: Program, text: str, slots: Slots) -> Value:
    """The match itself, or its groups: a list, or an object when they have names."""
    _check_names(program)
    groups = [Known(_group(text, slots, number)) for number in range(len(program.groups) + 1)]
    if not program.groups:
        return groups[0]
    names = [name for name in program.groups if name is not None]
    if names:
        return Entries(tuple(sorted(zip(names, groups[1:], strict=True), key=lambda pair: pair[0])))
    return Items(tuple(groups[1:]))


def _matches(program: Program, text: str) -> Iterator[Slots]:
    """Each match from left to right; none that is empty right behind the one before."""
    machine = _Machine(program, text)
    start, previous = 0, -1
    while start <= len(text):
        slots = machine.match(start)
        if slots is None:
            return
        begin, end = slots[0] or 0, slots[1] or 0
        if begin != end or begin != previous:
            yield slots
        previous = end
        start = end if end > begin or end > start else end + 1
        if begin == end:
            start = end + 1


class _Machine:
    """Runs a program with all its ways at once, preferred ways first (Pike's algorithm)."""

    def __init__(self, program: Program, text: str) -> None:
        self.code, self.text, self.steps = program.code, text, 0
        self.empty: Slots = (None,) * (2 * len(program.groups) + 2)
        self.known: dict[tuple[int, str], bool] = {}

    def match(self, start: int) -> Slots | None:
        found: Slots | None = None
        threads: list[tuple[int, Slots]] = []
        for position in range(start, len(self.text) + 1):
            if found is None:
                self.follow(
                    0,
                    position,
                    (position, *self.empty[1:]),
                    threads,
                    {counter for counter, _ in threads},
                )
            if not threads:
                if found is not None:
                    break
                continue
            letter = self.text[position : position + 1]
            following: list[tuple[int, Slots]] = []
            seen: set[int] = set()
            for counter, slots in threads:
                if counter == len(self.code):
                    found = (slots[0], position, *slots[2:])
                    break
                if letter and self.holds(counter, letter):
                    self.follow(counter + 1, position + 1, slots, following, seen)
            threads = following
        return found

    def holds(self, counter: int, letter: str) -> bool:
        key = (counter, letter)
        if key not in self.known:
            instruction = self.code[counter]
            self.known[key] = isinstance(instruction, CharClass) and instruction.holds(letter)
        return self.known[key]

    def follow(
        self,
        counter: int,
        position: int,
        slots: Slots,
        threads: list[tuple[int, Slots]],
        seen: set[int],
    ) -> None:
        """Adds the instructions that take a letter and can be reached without one."""
        waiting = [(counter, slots)]
        while waiting:
            self.steps += 1
            if self.steps % 1024 == 0:
                charge(512)
            if self.steps > MAX_STEPS:
                raise beyond_limits("a pattern's search")
            counter, slots = waiting.pop()
            if counter in seen:
                continue
            seen.add(counter)
            instruction = self.code[counter] if counter < len(self.code) else None
            if isinstance(instruction, Split):
                waiting.extend([(instruction.second, slots), (instruction.first, slots)])
            elif isinstance(instruction, Save):
                waiting.append(
                    (
                        counter + 1,
                        (*slots[: instruction.slot], position, *slots[instruction.slot + 1 :]),
                    )
                )
            elif isinstance(instruction, Assert):
                if self.stands(instruction.kind, position):
                    waiting.append((counter + 1, slots))
            else:
                threads.append((counter, slots))

    def stands(self, kind: str, position: int) -> bool:
        before, behind = (
            self.text[max(position - 1, 0) : position],
            self.text[position : position + 1],
        )
        if kind in ("^", "^m"):
            return not before or (kind == "^m" and before == "\n")
        if kind in ("$", "$m"):
            return not behind or (kind == "$m" and behind == "\n")
        return (_is_word(before) is not _is_word(behind)) is (kind == "b")


def _is_word(letter: str) -> bool:
    return bool(letter) and letter.isascii() and (letter.isalnum() or letter == "_")
