"""Terms: what a value that is not known hangs on.

A term is a name (an input, an attribute), a constant, or an operation over terms. Terms compare by
structure, so that one expression over the same values is one value wherever it stands; worlds make
assumptions about them, and messages print them, shortened where they are long. Nothing parses what
they print.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property, lru_cache
from typing import Union

from .records import dataclass

Scalar = Union[None, bool, int, float, str]

#: How much of a term is printed: operations inside each other, operands of a list or map, names
#: and constants in all, and characters of one constant. What goes beyond is ``...``.
_DEPTH, _LISTED, _PIECES, _CHARACTERS = 8, 4, 40, 60
_ELLIPSIS = "..."


@dataclass(frozen=True, slots=True)
class Name:
    """An input, a resource's attribute or a condition, by its address in the code: ``var.env``,
    ``module.api.aws_iam_role.exec.arn``, ``IsProd``."""

    path: str

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal."""

    value: Scalar

    def __eq__(self, other: object) -> bool:
        # True == 1 in Python, but not in Terraform, CloudFormation or JSON.
        return (
            isinstance(other, Constant)
            and self.value == other.value
            and isinstance(self.value, bool) == isinstance(other.value, bool)
        )

    def __hash__(self) -> int:
        return hash((isinstance(self.value, bool), self.value))

    def __str__(self) -> str:
        if isinstance(self.value, str):
            return json.dumps(_shortened(self.value), ensure_ascii=False)
        return "null" if self.value is None else scalar_text(self.value)


@dataclass(frozen=True, eq=False)
class Operation:
    """``operator`` over ``operands``: one of the operators listed at ``_render``, or a function's
    name. Equal ones have equal operators and operands."""

    operator: str
    operands: tuple[Term, ...]

    def __post_init__(self) -> None:
        hash(self)  # at once: its operands' are there, so that no depth is one too many

    @cached_property
    def _digest(self) -> bytes:
        structure = hashlib.blake2b(self.operator.encode(), digest_size=16)
        for operand in self.operands:
            structure.update(b"\0" + identity(operand))
        return structure.digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Operation) and self._digest == other._digest

    def __hash__(self) -> int:
        return hash(self._digest)

    def __str__(self) -> str:
        return _Printer().operation(self, 0)


Term = Union[Name, Constant, Operation]
TRUE, FALSE, NULL = Constant(True), Constant(False), Constant(None)


def scalar_text(value: Scalar) -> str:
    """A scalar as both languages print it into a string: ``true``, ``80``, ``0.5``, empty for
    null."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


@lru_cache(maxsize=16_384)
def identity(term: Term) -> bytes:
    """What tells a term from every other one; also an order that is the same in every run."""
    if isinstance(term, Operation):
        return b"o" + term._digest
    text = f"n{term.path}" if isinstance(term, Name) else f"c{type(term.value)}{term.value!r}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def in_order(terms: Iterable[Term]) -> list[Term]:
    """Names before constants, each in the order of their texts: what ``==`` and its like do not
    care for."""
    return sorted(terms, key=lambda term: (isinstance(term, Constant), str(term), identity(term)))


# -- making terms: None stands for what has no term ------------------------------------------------


def operation(operator: str, *operands: Term | None) -> Operation | None:
    """The operation, or None when an operand has no term."""
    known = tuple(operand for operand in operands if operand is not None)
    return Operation(operator, known) if len(known) == len(operands) else None


def negated(term: Term | None) -> Term | None:
    """``!term``; of a negation, what it negates: so ``x``, ``!x`` and ``x == false`` are one
    choice."""
    if isinstance(term, Operation) and term.operator == "!":
        return term.operands[0]
    return operation("!", term)


def is_negation(term: Term | None) -> bool:
    """Is the term ``!x``?"""
    return isinstance(term, Operation) and term.operator == "!"


def member(term: Term | None, name: str) -> Term | None:
    """``term.name``."""
    if isinstance(term, Name):
        return Name(f"{term.path}.{name}")
    return operation(".", term, Name(name))


def element(term: Term | None, key: Term | None) -> Term | None:
    """``term[key]``."""
    return operation("[]", term, key)


def conditional(condition: Term | None, then: Term | None, otherwise: Term | None) -> Term | None:
    """``condition ? then : otherwise``; with a constant on a side it is a simpler condition."""
    if then == TRUE and otherwise == FALSE:
        return condition
    if then == FALSE and otherwise == TRUE:
        return negated(condition)
    return operation("?", condition, then, otherwise)


def is_path(term: Term | None) -> bool:
    """Does the term print as a path to something that is written in the code, whole?"""
    if isinstance(term, Operation) and term.operator in (".", "[]"):
        return all(isinstance(each, Constant) or is_path(each) for each in term.operands)
    return isinstance(term, Name)


def renaming(rename: Callable[[str], str]) -> Callable[[Term], Term]:
    """Gives terms with every name in them as ``rename`` has it."""

    @cache  # what they hold twice is renamed once
    def new(each: Term) -> Term:
        if isinstance(each, Operation):
            return Operation(each.operator, tuple(map(new, each.operands)))
        return Name(rename(each.path)) if isinstance(each, Name) else each

    return new


def names_in(term: Term | None) -> frozenset[str]:
    """The paths of all names in a term."""
    return frozenset(each.path for each in terms_in(term) if isinstance(each, Name))


def terms_in(term: Term | None) -> set[Term]:
    """The term and all that it is made of."""
    found: set[Term] = set()
    queue = [] if term is None else [term]
    while queue:
        each = queue.pop()
        if each not in found:
            found.add(each)
            queue.extend(each.operands if isinstance(each, Operation) else ())
    return found


# -- printing --------------------------------------------------------------------------------------

_INFIX = frozenset({"==", "&&", "||", "<", ">", "<=", ">=", "+", "-", "*", "/", "%"})


def _shortened(text: str) -> str:
    return text if len(text) <= _CHARACTERS else text[: _CHARACTERS - 3] + _ELLIPSIS


def _cut(listed: str) -> str:
    """A long list's first members."""
    return f"{listed[: _CHARACTERS // 2].rpartition(', ')[0]}, {_ELLIPSIS}".removeprefix(", ")


class _Printer:
    """Prints one term, as its language writes it and within bounds."""

    def __init__(self) -> None:
        self._left = _PIECES
        self._inside = False

    def term(self, term: Term, depth: int) -> str:
        self._left -= 1
        if self._left < 0:
            return _ELLIPSIS
        return self.operation(term, depth) if isinstance(term, Operation) else str(term)

    def operation(self, term: Operation, depth: int) -> str:
        """``!``, the infix ones, ``?``, ``.``, ``[]``, ``[*]``, ``...``, ``text``, ``list``,
        ``set``, ``map`` (keys and values in turn), what a loop gives one of its instances
        (``each.key``); any other operator is a function."""
        if depth > _DEPTH:
            return _ELLIPSIS
        operator = term.operator
        if operator == "text":
            return f'"{"".join(self._part(part, depth) for part in term.operands[:20])}"'
        if operator in ("list", "set", "map"):
            return self._collection(term, depth)
        shown = [self.term(operand, depth + 1) for operand in term.operands[: 2 * _LISTED]]
        if len(term.operands) > len(shown):
            shown.append(_ELLIPSIS)
        if operator in _INFIX and len(shown) > 1:
            return f"({f' {operator} '.join(shown)})"
        if operator in ("!", "-"):
            return operator + shown[0]
        if operator == "?":
            return "({} ? {} : {})".format(*shown)
        if operator == ".":
            return f"{shown[0]}.{shown[1]}"
        if operator == "[]":
            return f"{shown[0]}[{shown[1]}]"
        if operator in ("[*]", _ELLIPSIS):
            return shown[0] + operator
        if operator in ("each.key", "each.value", "count.index"):
            return f"{shown[0]}.{operator}"
        return f"{operator}({', '.join(shown)})"

    def _part(self, part: Term, depth: int) -> str:
        if isinstance(part, Constant):
            return _shortened(scalar_text(part.value))
        return "${" + self.term(part, depth + 1) + "}"

    def _collection(self, term: Operation, depth: int) -> str:
        opening, closing = "{}" if term.operator == "map" else "[]"
        if self._inside:
            return f"{opening}{_ELLIPSIS}{closing}"
        self._inside = True
        listed = list(self._members(term, depth))
        self._inside = False
        whole = f"{opening}{', '.join(listed)}{closing}"
        if len(whole) > _CHARACTERS and term.operator == "map":
            listed = [str(key) for key in term.operands[::2] if isinstance(key, Constant)]
        if len(whole) > _CHARACTERS:
            whole = f"{opening}{_cut(', '.join(listed))}{closing}"
        return f"toset({whole})" if term.operator == "set" else whole

    def _members(self, term: Operation, depth: int) -> Iterator[str]:
        """What stands in a list or map; the rest of a map is the odd operand at its end."""
        operands = term.operands
        if term.operator == "map":
            for at in range(0, min(len(operands) - 1, 2 * _LISTED), 2):
                yield f"{operands[at]} = {self.term(operands[at + 1], depth + 1)}"
            if len(operands) % 2 and len(operands) < 2 * _LISTED:
                yield self.term(operands[-1], depth + 1)
        else:
            for operand in operands[:_LISTED]:
                yield self.term(operand, depth + 1)
        if len(operands) > (2 if term.operator == "map" else 1) * _LISTED:
            yield _ELLIPSIS
