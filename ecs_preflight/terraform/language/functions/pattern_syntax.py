"""Regular expressions in RE2's syntax.

Python's own ``re`` differs in its syntax and can take exponential time, so Terraform's patterns are
parsed here and run by ``patterns`` in time linear in the text.

Source: the Terraform documentation, "regex Function"; the RE2 wiki, "Syntax".
"""

from __future__ import annotations

import re
from functools import lru_cache

from ....symbolic.patterns import regex
from ....symbolic.records import dataclass, replace
from ....symbolic.values import Unknown, Why
from ..faults import EvaluationFault, NotComputable, beyond_limits
from .pattern_program import (
    AlternativePattern,
    Assert,
    Categories,
    CharClass,
    Group,
    Node,
    Program,
    Ranges,
    Repeat,
    SequencePattern,
    assembled,
)


@dataclass(frozen=True)
class _Flags:
    folds: bool = False
    lines: bool = False
    dot_all: bool = False
    lazy: bool = False


_LAST = "\U0010ffff"
_ANY = ("\0", _LAST)
_DIGIT, _WORD = (("0", "9"),), (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z"))
_SPACE = (("\t", "\n"), ("\f", "\r"), (" ", " "))
_PERL = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_POSIX: dict[str, Ranges] = {
    "alnum": (("0", "9"), ("A", "Z"), ("a", "z")),
    "alpha": (("A", "Z"), ("a", "z")),
    "ascii": (("\0", "\x7f"),),
    "blank": (("\t", "\t"), (" ", " ")),
    "cntrl": (("\0", "\x1f"), ("\x7f", "\x7f")),
    "digit": _DIGIT,
    "graph": (("!", "~"),),
    "lower": (("a", "z"),),
    "print": ((" ", "~"),),
    "punct": (("!", "/"), (":", "@"), ("[", "`"), ("{", "~")),
    "space": (("\t", "\r"), (" ", " ")),
    "upper": (("A", "Z"),),
    "word": _WORD,
    "xdigit": (("0", "9"), ("A", "F"), ("a", "f")),
}
_CONTROL = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_REPEAT = regex(r"\{([0-9]{1,5})(,([0-9]{1,5})?)?\}")
_GROUP_FLAGS = regex(r"\(\?([imsU]*)(-[imsU]+)?([:)])")
_GROUP_NAME = regex(r"\(\?P?<([A-Za-z0-9_]+)>")
_CATEGORY = regex(r"\\([pP])(?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))")
_CODE = regex(r"\\(?:x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|([1-7][0-7]{1,2}|0[0-7]{0,2}))")
_CLASS_NAME = regex(r"\[:(\^?)([a-z]+):\]")


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Program:
    """Raises Fault for what is no pattern, Undecided for a Unicode script by name."""
    parser = _Parser(pattern)
    node = parser.alternatives(0)
    if parser.offset < len(pattern):
        raise EvaluationFault("the pattern has an unexpected ')'")
    return assembled(node, parser.groups)


class _Parser:
    """``flags`` are those in force where the parser stands."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.offset = pattern, 0
        self.flags = _Flags()
        self.groups: list[str | None] = []

    def following(self) -> str:
        return self.pattern[self.offset : self.offset + 1]

    def take(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        found = expression.match(self.pattern, self.offset)
        if found:
            self.offset = found.end()
        return found

    def alternatives(self, depth: int) -> Node:
        if depth > 100:
            raise beyond_limits("a pattern")
        flags, parts = self.flags, [self.sequence(depth)]
        while self.following() == "|":
            self.offset += 1
            parts.append(self.sequence(depth))
        self.flags = flags
        return AlternativePattern(tuple(parts)) if len(parts) > 1 else parts[0]

    def sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.following() not in ("", "|", ")"):
            if self.pattern.startswith("\\Q", self.offset):
                parts.extend(self.quoted())
                continue
            node = self.atom(depth)
            if node is not None:
                parts.append(self.repeated(node))
        return SequencePattern(tuple(parts))

    def quoted(self) -> list[Node]:
        end = self.pattern.find("\\E", self.offset)
        literal = self.pattern[self.offset + 2 : end if end >= 0 else None]
        self.offset = end + 2 if end >= 0 else len(self.pattern)
        return [self.letter(character) for character in literal]

    def letter(self, character: str) -> CharClass:
        return CharClass(((character, character),), folds=self.flags.folds)

    def atom(self, depth: int) -> Node | None:
        """One element; None for flags, which stand for nothing."""
        character = self.following()
        if character == "(":
            return self.group(depth)
        if character == "[":
            return self.bracket()
        if character in "*+?" or _REPEAT.match(self.pattern, self.offset):
            raise EvaluationFault("the pattern repeats nothing")
        if character == "\\":
            return self.escape()
        self.offset += 1
        if character == ".":
            return CharClass((_ANY,) if self.flags.dot_all else (("\0", "\t"), ("\x0b", _LAST)))
        if character in "^$":
            return Assert(character + ("m" if self.flags.lines else ""))
        return self.letter(character)

    def repeated(self, node: Node) -> Node:
        counted = self.take(_REPEAT)
        if counted:
            least = int(counted[1])
            most = least if not counted[2] else int(counted[3]) if counted[3] else None
            if max(least, most or 0) > 1000 or (most is not None and most < least):
                raise EvaluationFault("the pattern has an invalid repetition")
        elif self.following() in ("*", "+", "?"):
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[self.following()]
            self.offset += 1
        else:
            return node
        lazy = self.following() == "?"
        self.offset += lazy
        if self.following() in ("*", "+", "?") or _REPEAT.match(self.pattern, self.offset):
            raise EvaluationFault("the pattern repeats a repetition")
        return Repeat(node, least, most, lazy is not self.flags.lazy)

    def group(self, depth: int) -> Node | None:
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
                    raise EvaluationFault("the pattern has a group that RE2 does not know")
                self.offset += 1
            if named and named[1] in self.groups:
                raise EvaluationFault("two groups of the pattern have the same name")
            self.groups.append(named[1] if named else None)
        number = len(self.groups)
        node = self.alternatives(depth + 1)
        if self.following() != ")":
            raise EvaluationFault("the pattern has an open group")
        self.offset += 1
        self.flags = flags
        return node if set_flags else Group(number, node)

    def escape(self) -> Node:
        character = self.pattern[self.offset + 1 : self.offset + 2]
        if character in ("A", "z", "b", "B"):
            self.offset += 2
            return Assert({"A": "^", "z": "$"}.get(character, character))
        ranges, categories, negated = self.escaped_class()
        return CharClass(ranges, categories, negated, self.flags.folds)

    def escaped_class(self) -> tuple[Ranges, Categories, bool]:
        """What ``\\d``, ``\\pL``, ``\\n`` ... stand for, and whether for all others."""
        category = self.take(_CATEGORY)
        if category:
            name = category[3] or category[4]
            if name == "Any":
                return (_ANY,), (), category[1] == "P"
            if len(name) > 2:
                raise NotComputable(
                    Unknown(f"the Unicode script '{name}' is not known", why=Why.FUNCTION)
                )
            return (), ((name, (category[1] == "P") is not bool(category[2])),), False
        code = self.take(_CODE)
        if code:
            number = int(code[1] or code[2], 16) if code[1] or code[2] else int(code[3], 8)
            if number > 0x10FFFF:
                raise EvaluationFault("the pattern has an invalid escape sequence")
            return ((chr(number), chr(number)),), (), False
        character = self.pattern[self.offset + 1 : self.offset + 2]
        self.offset += 2
        if character.lower() in _PERL and character:
            return _PERL[character.lower()], (), character.isupper()
        literal = _CONTROL.get(character, character)
        is_word = character.isascii() and character.isalnum()
        if not character or (is_word and character not in _CONTROL):
            raise EvaluationFault("the pattern has an invalid escape sequence")
        return ((literal, literal),), (), False

    def bracket(self) -> CharClass:
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
                    raise EvaluationFault("the pattern names a class that does not exist")
                ranges.extend(_outside(_POSIX[named[2]]) if named[1] else _POSIX[named[2]])
                continue
            more, kinds, is_inverse = self.member()
            behind = self.pattern[self.offset + 1 : self.offset + 2]
            if self.following() == "-" and behind not in ("]", ""):
                self.offset += 1
                last, _, _ = self.member()
                if len(more) != 1 or len(last) != 1 or more[0][0] > last[0][0]:
                    raise EvaluationFault("the pattern has an invalid range")
                more = ((more[0][0], last[0][0]),)
            ranges.extend(_outside(more) if is_inverse else more)
            categories.extend(kinds)
        self.offset += 1
        return CharClass(tuple(ranges), tuple(categories), negated, self.flags.folds)

    def member(self) -> tuple[Ranges, Categories, bool]:
        character = self.following()
        if not character:
            raise EvaluationFault("the pattern has an open class")
        if character == "\\":
            return self.escaped_class()
        self.offset += 1
        return ((character, character),), (), False


def _with_flags(flags: _Flags, added: str, removed: str) -> _Flags:
    names = {"i": "folds", "m": "lines", "s": "dot_all", "U": "lazy"}
    return replace(
        flags,
        **{names[flag]: True for flag in added},
        **{names[flag]: False for flag in removed[1:]},
    )


def _outside(ranges: Ranges) -> list[tuple[str, str]]:
    """All characters that are in none of the ranges."""
    found, start = [], 0
    for first, last in sorted(ranges):
        if ord(first) > start:
            found.append((chr(start), chr(ord(first) - 1)))
        start = ord(last) + 1
    return [*found, (chr(start), _LAST)]
