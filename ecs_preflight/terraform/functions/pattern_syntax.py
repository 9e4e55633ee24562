"""Regular expressions in RE2's syntax, compiled to a small program.

Python's own ``re`` differs in its syntax and can take exponential time, so Terraform's patterns are
parsed here and run by ``patterns`` in time linear in the text.

Source: the Terraform documentation, "regex Function"; the RE2 wiki, "Syntax".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Union

from ...values import Unknown, Why
from ..faults import Fault, Undecided, beyond_limits

#: A larger program is beyond the scan's limits (a{1000}{1000} would be one).
MAX_PROGRAM = 5_000


@dataclass(frozen=True)
class Letters:
    """A class of characters: ranges and Unicode categories, perhaps all others instead."""

    ranges: _Ranges = ()
    categories: _Categories = ()
    is_negated: bool = False
    folds: bool = False

    def holds(self, letter: str) -> bool:
        forms = {letter, letter.lower(), letter.upper()} if self.folds else (letter,)
        found = any(first <= form <= last for form in forms if len(form) == 1
                    for first, last in self.ranges)
        found = found or any(unicodedata.category(letter).startswith(name) is not negated
                             for name, negated in self.categories)
        return found is not self.is_negated


@dataclass(frozen=True)
class Save:
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


Instruction = Union[Letters, Save, Split, Assert]


@dataclass(frozen=True)
class Program:
    """Instructions by number; behind the last one is a match. ``groups`` are the groups' names."""

    code: tuple[Instruction, ...]
    groups: tuple[str | None, ...]


@dataclass(frozen=True)
class _Sequence:
    parts: tuple[_Node, ...]


@dataclass(frozen=True)
class _Choice:
    parts: tuple[_Node, ...]


@dataclass(frozen=True)
class _Repeat:
    part: _Node
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True)
class _Group:
    number: int
    part: _Node


_Node = Union[Letters, Assert, _Sequence, _Choice, _Repeat, _Group]


@dataclass(frozen=True)
class _Flags:
    folds: bool = False
    lines: bool = False
    dot_all: bool = False
    lazy: bool = False


#: Some ranges of characters; some categories and whether each is negated.
_Ranges = tuple[tuple[str, str], ...]
_Categories = tuple[tuple[str, bool], ...]

_LAST = "\U0010ffff"
_ANY = ("\0", _LAST)
_DIGIT, _WORD = (("0", "9"),), (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z"))
_SPACE = (("\t", "\n"), ("\f", "\r"), (" ", " "))
_PERL = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_POSIX: dict[str, _Ranges] = {
    "alnum": (("0", "9"), ("A", "Z"), ("a", "z")), "alpha": (("A", "Z"), ("a", "z")),
    "ascii": (("\0", "\x7f"),), "blank": (("\t", "\t"), (" ", " ")),
    "cntrl": (("\0", "\x1f"), ("\x7f", "\x7f")),
    "digit": _DIGIT, "graph": (("!", "~"),), "lower": (("a", "z"),), "print": ((" ", "~"),),
    "punct": (("!", "/"), (":", "@"), ("[", "`"), ("{", "~")), "space": (("\t", "\r"), (" ", " ")),
    "upper": (("A", "Z"),), "word": _WORD, "xdigit": (("0", "9"), ("A", "F"), ("a", "f"))}
_CONTROL = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_REPEAT = re.compile(r"\{([0-9]{1,5})(,([0-9]{1,5})?)?\}")
_GROUP_FLAGS = re.compile(r"\(\?([imsU]*)(-[imsU]+)?([:)])")
_GROUP_NAME = re.compile(r"\(\?P?<([A-Za-z0-9_]+)>")
_CATEGORY = re.compile(r"\\([pP])(?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))")
_CODE = re.compile(r"\\(?:x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|([1-7][0-7]{1,2}|0[0-7]{0,2}))")
_CLASS_NAME = re.compile(r"\[:(\^?)([a-z]+):\]")


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Program:
    """Raises Fault for what is no pattern, Undecided for a Unicode script by name."""
    parser = _Parser(pattern)
    node = parser.alternatives(0)
    if parser.offset < len(pattern):
        raise Fault("the pattern has an unexpected ')'")
    code: list[Instruction] = []
    _emit(node, code)
    return Program(tuple(code), tuple(parser.groups))


def _emit(node: _Node, code: list[Instruction]) -> None:
    if len(code) > MAX_PROGRAM:
        raise beyond_limits("a pattern")
    if isinstance(node, (Letters, Assert)):
        code.append(node)
    elif isinstance(node, _Sequence):
        for part in node.parts:
            _emit(part, code)
    elif isinstance(node, _Group):
        code.append(Save(2 * node.number))
        _emit(node.part, code)
        code.append(Save(2 * node.number + 1))
    elif isinstance(node, _Choice):
        _emit_choice(node.parts, code)
    else:
        _emit_repeat(node, code)


def _emit_choice(parts: tuple[_Node, ...], code: list[Instruction]) -> None:
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


def _emit_repeat(node: _Repeat, code: list[Instruction]) -> None:
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


class _Parser:
    """``flags`` are those in force where the parser stands."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.offset = pattern, 0
        self.flags = _Flags()
        self.groups: list[str | None] = []

    def following(self) -> str:
        return self.pattern[self.offset:self.offset + 1]

    def take(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        found = expression.match(self.pattern, self.offset)
        if found:
            self.offset = found.end()
        return found

    def alternatives(self, depth: int) -> _Node:
        if depth > 100:
            raise beyond_limits("a pattern")
        flags, parts = self.flags, [self.sequence(depth)]
        while self.following() == "|":
            self.offset += 1
            parts.append(self.sequence(depth))
        self.flags = flags
        return _Choice(tuple(parts)) if len(parts) > 1 else parts[0]

    def sequence(self, depth: int) -> _Node:
        parts: list[_Node] = []
        while self.following() not in ("", "|", ")"):
            if self.pattern.startswith("\\Q", self.offset):
                parts.extend(self.quoted())
                continue
            node = self.atom(depth)
            if node is not None:
                parts.append(self.repeated(node))
        return _Sequence(tuple(parts))

    def quoted(self) -> list[_Node]:
        end = self.pattern.find("\\E", self.offset)
        literal = self.pattern[self.offset + 2:end if end >= 0 else None]
        self.offset = end + 2 if end >= 0 else len(self.pattern)
        return [self.letter(character) for character in literal]

    def letter(self, character: str) -> Letters:
        return Letters(((character, character),), folds=self.flags.folds)

    def atom(self, depth: int) -> _Node | None:
        """One element; None for flags, which stand for nothing."""
        character = self.following()
        if character == "(":
            return self.group(depth)
        if character == "[":
            return self.bracket()
        if character in "*+?" or _REPEAT.match(self.pattern, self.offset):
            raise Fault("the pattern repeats nothing")
        if character == "\\":
            return self.escape()
        self.offset += 1
        if character == ".":
            return Letters((_ANY,) if self.flags.dot_all else (("\0", "\t"), ("\x0b", _LAST)))
        if character in "^$":
            return Assert(character + ("m" if self.flags.lines else ""))
        return self.letter(character)

    def repeated(self, node: _Node) -> _Node:
        counted = self.take(_REPEAT)
        if counted:
            least = int(counted[1])
            most = least if not counted[2] else int(counted[3]) if counted[3] else None
            if max(least, most or 0) > 1000 or (most is not None and most < least):
                raise Fault("the pattern has an invalid repetition")
        elif self.following() in ("*", "+", "?"):
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[self.following()]
            self.offset += 1
        else:
            return node
        lazy = self.following() == "?"
        self.offset += lazy
        if self.following() in ("*", "+", "?") or _REPEAT.match(self.pattern, self.offset):
            raise Fault("the pattern repeats a repetition")
        return _Repeat(node, least, most, lazy is not self.flags.lazy)

    def group(self, depth: int) -> _Node | None:
        flags = self.flags
        set_flags, named = self.take(_GROUP_FLAGS), None
        if set_flags:
            self.flags = _with_flags(flags, set_flags[1], set_flags[2] or "")
            if set_flags[3] == ")":
                return None
        else:
            named = self.take(_GROUP_NAME)
            if not named:
                if self.pattern.startswith("(?", self.offset):
                    raise Fault("the pattern has a group that RE2 does not know")
                self.offset += 1
            if named and named[1] in self.groups:
                raise Fault("two groups of the pattern have the same name")
            self.groups.append(named[1] if named else None)
        number = len(self.groups)
        node = self.alternatives(depth + 1)
        if self.following() != ")":
            raise Fault("the pattern has an open group")
        self.offset += 1
        self.flags = flags
        return node if set_flags else _Group(number, node)

    def escape(self) -> _Node:
        character = self.pattern[self.offset + 1:self.offset + 2]
        if character in ("A", "z", "b", "B"):
            self.offset += 2
            return Assert({"A": "^", "z": "$"}.get(character, character))
        ranges, categories, negated = self.escaped_class()
        return Letters(ranges, categories, negated, self.flags.folds)

    def escaped_class(self) -> tuple[_Ranges, _Categories, bool]:
        """What ``\\d``, ``\\pL``, ``\\n`` ... stand for, and whether for all others."""
        category = self.take(_CATEGORY)
        if category:
            name = category[3] or category[4]
            if name == "Any":
                return (_ANY,), (), category[1] == "P"
            if len(name) > 2:
                raise Undecided(Unknown(f"the Unicode script '{name}' is not known",
                                        why=Why.FUNCTION))
            return (), ((name, (category[1] == "P") is not bool(category[2])),), False
        code = self.take(_CODE)
        if code:
            number = int(code[1] or code[2], 16) if code[1] or code[2] else int(code[3], 8)
            if number > 0x10FFFF:
                raise Fault("the pattern has an invalid escape sequence")
            return ((chr(number), chr(number)),), (), False
        character = self.pattern[self.offset + 1:self.offset + 2]
        self.offset += 2
        if character.lower() in _PERL and character:
            return _PERL[character.lower()], (), character.isupper()
        literal = _CONTROL.get(character, character)
        is_word = character.isascii() and character.isalnum()
        if not character or (is_word and character not in _CONTROL):
            raise Fault("the pattern has an invalid escape sequence")
        return ((literal, literal),), (), False

    def bracket(self) -> Letters:
        self.offset += 1
        negated = self.following() == "^"
        self.offset += negated
        ranges: list[tuple[str, str]] = []
        categories: list[tuple[str, bool]] = []
        first = True
        while self.following() != "]" or first:
            first = False
            named = self.take(_CLASS_NAME)
            if named:
                if named[2] not in _POSIX:
                    raise Fault("the pattern names a class that does not exist")
                ranges.extend(_outside(_POSIX[named[2]]) if named[1] else _POSIX[named[2]])
                continue
            more, kinds, is_inverse = self.member()
            behind = self.pattern[self.offset + 1:self.offset + 2]
            if self.following() == "-" and behind not in ("]", ""):
                self.offset += 1
                last, _, _ = self.member()
                if len(more) != 1 or len(last) != 1 or more[0][0] > last[0][0]:
                    raise Fault("the pattern has an invalid range")
                more = ((more[0][0], last[0][0]),)
            ranges.extend(_outside(more) if is_inverse else more)
            categories.extend(kinds)
        self.offset += 1
        return Letters(tuple(ranges), tuple(categories), negated, self.flags.folds)

    def member(self) -> tuple[_Ranges, _Categories, bool]:
        character = self.following()
        if not character:
            raise Fault("the pattern has an open class")
        if character == "\\":
            return self.escaped_class()
        self.offset += 1
        return ((character, character),), (), False


def _with_flags(flags: _Flags, added: str, removed: str) -> _Flags:
    names = {"i": "folds", "m": "lines", "s": "dot_all", "U": "lazy"}
    return replace(flags, **{names[flag]: True for flag in added},
                   **{names[flag]: False for flag in removed[1:]})


def _outside(ranges: _Ranges) -> list[tuple[str, str]]:
    """All characters that are in none of the ranges."""
    found, start = [], 0
    for first, last in sorted(ranges):
        if ord(first) > start:
            found.append((chr(start), chr(ord(first) - 1)))
        start = ord(last) + 1
    return [*found, (chr(start), _LAST)]
