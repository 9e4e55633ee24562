"""What a regular expression is compiled to: a small program, which ``patterns`` runs."""

from __future__ import annotations

import unicodedata
from typing import Union

from ....symbolic.records import dataclass
from ..faults import beyond_limits

#: A larger program is beyond the scan's limits (a{1000}{1000} would be one).
MAX_PROGRAM = 5_000

#: Some ranges of characters; some categories and whether each is negated.
Ranges = tuple[tuple[str, str], ...]
Categories = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class CharClass:
    """A class of characters: ranges and Unicode categories, perhaps all others instead."""

    ranges: Ranges = ()
    categories: Categories = ()
    is_negated: bool = False
    folds: bool = False

    def holds(self, letter: str) -> bool:
        """Is the character in the class?"""
        forms = {letter, letter.lower(), letter.upper()} if self.folds else (letter,)
        found = any(
            first <= form <= last for form in forms if len(form) == 1 for first, last in self.ranges
        )
        found = found or any(
            unicodedata.category(letter).startswith(name) is not negated
            for name, negated in self.categories
        )
        return found is not self.is_negated


@dataclass(frozen=True)
class Save:
    """Remembers the place as a group's begin or end."""

    slot: int


@dataclass(frozen=True)
class Split:
    """Two ways on, the first preferred."""

    first: int
    second: int


@dataclass(frozen=True)
class Assert:
    """``^`` and ``$`` of the text or of a line, ``b`` a word's boundary, ``B`` none."""

    kind: str


Instruction = Union[CharClass, Save, Split, Assert]


@dataclass(frozen=True)
class Program:
    """Instructions by number; behind the last one is a match. ``groups`` are the groups' names."""

    code: tuple[Instruction, ...]
    groups: tuple[str | None, ...]


@dataclass(frozen=True)
class SequencePattern:
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class AlternativePattern:
    """The first that leads to a match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Repeat:
    """As often as may be, ``lazy`` as rarely; ``most`` None: without end."""

    part: Node
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True)
class Group:
    """A part that is remembered by its number."""

    number: int
    part: Node


Node = Union[CharClass, Assert, SequencePattern, AlternativePattern, Repeat, Group]


def assembled(node: Node, groups: list[str | None]) -> Program:
    """The program of a pattern. Raises Undecided for one that is too large."""
    code: list[Instruction] = []
    _emit(node, code)
    return Program(tuple(code), tuple(groups))


def _emit(node: Node, code: list[Instruction]) -> None:
    if len(code) > MAX_PROGRAM:
        raise beyond_limits("a pattern")
    if isinstance(node, (CharClass, Assert)):
        code.append(node)
    elif isinstance(node, SequencePattern):
        for part in node.parts:
            _emit(part, code)
    elif isinstance(node, Group):
        code.append(Save(2 * node.number))
        _emit(node.part, code)
        code.append(Save(2 * node.number + 1))
    elif isinstance(node, AlternativePattern):
        _emit_choice(node.parts, code)
    else:
        _emit_repeat(node, code)


def _emit_choice(parts: tuple[Node, ...], code: list[Instruction]) -> None:
    ends: list[int] = []
    for part in parts[:-1]:
        split = len(code)
        code.append(Split(0, 0))
        _emit(part, code)
        ends.append(len(code))
        code.append(Split(0, 0))
        code[split] = Split(split + 1, len(code))
    _emit(parts[-1], code)
    for end in ends:
        code[end] = Split(len(code), len(code))


def _emit_repeat(node: Repeat, code: list[Instruction]) -> None:
    for _ in range(node.least if node.most is not None else node.least - 1):
        _emit(node.part, code)
    if node.most is None:
        # As (x+)?, so that an x that matches nothing is still entered once.
        enter = len(code)
        if node.least == 0:
            code.append(Split(0, 0))
        start = len(code)
        _emit(node.part, code)
        code.append(_split(start, len(code) + 1, node.lazy))
        if node.least == 0:
            code[enter] = _split(start, len(code), node.lazy)
        return
    splits: list[int] = []
    for _ in range(node.most - node.least):
        splits.append(len(code))
        code.append(Split(0, 0))
        _emit(node.part, code)
    for split in splits:
        code[split] = _split(split + 1, len(code), node.lazy)


def _split(inside: int, behind: int, lazy: bool) -> Split:
    return Split(behind, inside) if lazy else Split(inside, behind)
