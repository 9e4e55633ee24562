"""What a world's choices imply: a condition that holds says something of every value in it.

Where ``length(var.l) > 0`` is false, ``var.l`` is empty; ``var.x == "a"``, ``var.x != ""``,
``contains(...)``, ``!``, ``&&`` on its true side and ``||`` on its false side likewise.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeGuard

from .records import dataclass, field
from .terms import FALSE, NULL, TRUE, Constant, Operation, Term, is_negation, negated, operation

_EMPTY = Constant("")
_NOTHING = Constant(0)
#: What these give is empty if and only if what they are given is.
_AS_LONG = frozenset(
    {
        "keys",
        "values",
        "tolist",
        "toset",
        "tomap",
        "distinct",
        "sort",
        "reverse",
        "nonsensitive",
        "sensitive",
    }
)
#: What these give is empty only if all that they are given is.
_ALL_OF = frozenset({"concat", "merge", "setunion", "join"})
#: A text of which one of these says that it begins, ends with or holds something is not empty.
_PART_OF = frozenset({"startswith", "endswith", "strcontains"})


@dataclass
class Assumptions:
    """``constants`` are terms with their value, ``excluded`` values that a term has not, ``within``
    all that it may have, ``empty`` whether a text or collection is empty. ``contradictory`` when
    they cannot all be true."""

    constants: dict[Term, Constant] = field(default_factory=dict)
    excluded: dict[Term, set[Constant]] = field(default_factory=dict)
    within: dict[Term, frozenset[Constant]] = field(default_factory=dict)
    empty: dict[Term, bool] = field(default_factory=dict)
    contradictory: bool = False

    @property
    def touched(self) -> set[Term]:
        """The terms of which anything is assumed."""
        return {*self.constants, *self.excluded, *self.within, *self.empty}

    def equal(self, term: Term, value: Constant) -> bool | None:
        """Is the term that value? None where the assumptions do not say."""
        known = self.constants.get(term)
        if known is not None:
            return known == value
        if value in self.excluded.get(term, ()) or value not in self.within.get(term, (value,)):
            return False
        is_empty = self.empty.get(term)
        if is_empty is False and value in (_EMPTY, NULL):
            return False
        if _is_length(term):
            assert isinstance(term, Operation)
            is_empty = self.empty.get(term.operands[0])
            if is_empty is not None and value == _NOTHING:
                return is_empty
        return None

    def assume(self, term: Term, value: Constant) -> None:
        """The term is that value, with all that follows."""
        if is_negation(term) and value in (TRUE, FALSE):
            inner = negated(term)
            assert inner is not None
            self.assume(inner, FALSE if value == TRUE else TRUE)
            return
        known = self.equal(term, value)
        if known is False:
            self.contradictory = True
        if known is not None and term in self.constants:
            return
        self.constants[term] = value
        if value in (TRUE, FALSE) and isinstance(term, Operation):
            self._follow(term, value == TRUE)
        elif _is_length(term) and isinstance(term, Operation):
            self.assume_empty(term.operands[0], value == _NOTHING)
        elif isinstance(value.value, str) or value == NULL:
            self.assume_empty(term, value in (_EMPTY, NULL))

    def exclude(self, term: Term, values: Iterable[Constant]) -> None:
        """The term is none of those values."""
        for value in values:
            if self.equal(term, value):
                self.contradictory = True
            if value in (TRUE, FALSE):
                self.assume(term, FALSE if value == TRUE else TRUE)
                continue
            self.excluded.setdefault(term, set()).add(value)
            if value == _NOTHING and _is_length(term) and isinstance(term, Operation):
                self.assume_empty(term.operands[0], False)
        left = self.within.get(term, frozenset()) - self.excluded.get(term, set())
        if len(left) == 1 and term not in self.constants:
            self.assume(term, next(iter(left)))

    def assume_empty(self, term: Term, is_empty: bool) -> None:
        """The text or collection is empty (or null), or is neither."""
        if term in self.empty:
            self.contradictory |= self.empty[term] is not is_empty
            return
        self.empty[term] = is_empty
        length = operation("length", term)
        if length is not None:
            if is_empty:
                self.constants.setdefault(length, _NOTHING)
            else:
                self.excluded.setdefault(length, set()).add(_NOTHING)
        if isinstance(term, Operation) and term.operands:
            if term.operator in _AS_LONG:
                self.assume_empty(term.operands[0], is_empty)
            elif term.operator in _ALL_OF and is_empty:
                # join(",", list) is also empty where its only element is.
                for operand in term.operands if term.operator != "join" else ():
                    self.assume_empty(operand, True)
            elif term.operator == "compact" and not is_empty:
                self.assume_empty(term.operands[0], False)
            elif _is_list(term):
                self._assume_listed_empty(term.operands, is_empty)
            elif term.operator == "compact":
                listed = term.operands[0]
                for operand in listed.operands if _is_list(listed) else ():
                    if not _is_spread(operand):
                        self.assume_empty(operand, True)

    def _assume_listed_empty(self, listed: tuple[Term, ...], is_empty: bool) -> None:
        """The list ``[a..., b...]`` is empty where all that it takes in are."""
        for operand in listed if is_empty or len(listed) == 1 else ():
            if _is_spread(operand):
                self.assume_empty(operand.operands[0], is_empty)

    def _follow(self, term: Operation, holds: bool) -> None:
        operands = term.operands
        if term.operator in ("&&", "||") and holds is (term.operator == "&&"):
            for operand in operands:
                self.assume(operand, TRUE if holds else FALSE)
        elif term.operator == "==":
            self._compare(operands, holds)
        elif term.operator == "?":
            self._branch(operands, holds)
        elif term.operator == "contains" and len(operands) == 2:
            self._contain(operands[0], operands[1], holds)
        elif term.operator in _PART_OF and holds and operands[-1] != _EMPTY:
            self.assume_empty(operands[0], False)
        elif term.operator in ("alltrue", "anytrue") and holds is (term.operator == "alltrue"):
            listed = operands[0]
            for each in listed.operands if isinstance(listed, Operation) else ():
                if not isinstance(each, Constant) and isinstance(listed, Operation):
                    self.assume(each, TRUE if holds else FALSE)

    def _compare(self, operands: tuple[Term, ...], holds: bool) -> None:
        for term, value in (operands, operands[::-1]):
            if isinstance(value, Constant) and not isinstance(term, Constant):
                if holds:
                    self.assume(term, value)
                else:
                    self.exclude(term, [value])
                    # What is given stands for what is filled: an empty one is a choice of its own.
                    if value == NULL and term not in self.empty:
                        self.assume_empty(term, False)

    def _branch(self, operands: tuple[Term, ...], holds: bool) -> None:
        """Of ``c ? a : b`` whose one side is the constant that it is not, the other is taken."""
        condition, *sides = operands
        other = FALSE if holds else TRUE
        for index, side in enumerate(sides):
            if side == other:
                self.assume(condition, FALSE if index == 0 else TRUE)
                taken = sides[1 - index]
                if not isinstance(taken, Constant):
                    self.assume(taken, TRUE if holds else FALSE)

    def _contain(self, listed: Term, wanted: Term, holds: bool) -> None:
        if holds:
            self.assume_empty(listed, False)
        members = listed.operands if _is_list(listed) else ()
        if isinstance(wanted, Constant) or not members:
            return
        options = frozenset(each for each in members if isinstance(each, Constant))
        if not holds:
            self.exclude(wanted, options)
        elif len(options) == len(members):
            if len(options) == 1:
                self.assume(wanted, next(iter(options)))
            else:
                self.within[wanted] = options & self.within.get(wanted, options)


def _is_length(term: Term) -> bool:
    return isinstance(term, Operation) and term.operator == "length" and len(term.operands) == 1


def _is_list(term: Term) -> TypeGuard[Operation]:
    return isinstance(term, Operation) and term.operator in ("list", "set")


def _is_spread(term: Term) -> TypeGuard[Operation]:
    return isinstance(term, Operation) and term.operator == "..."
