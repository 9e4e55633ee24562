"""What a world may choose: a symbol of a few interesting values, and one of them."""

from __future__ import annotations

from enum import Enum

from .records import dataclass
from .terms import Scalar, Term, scalar_text


class Kind(Enum):
    """What an input's type says of it, as far as an empty one reads differently."""

    TEXT = "text"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a world: ``symbol`` is ``value``; or, with ``other``, it is none of the values
    it is ever compared with (``value`` is then None)."""

    symbol: Term
    value: Scalar
    other: bool = False

    def __str__(self) -> str:
        if self.other:
            return f"{self.symbol} is anything else"
        shown = "null" if self.value is None else scalar_text(self.value) or '""'
        return f"{self.symbol} is {shown}"


@dataclass(frozen=True, slots=True)
class DecisionPoint:
    """A symbol with finitely many interesting values. ``default`` is the index of the option that
    the default world takes, or None when no default decides."""

    symbol: Term
    options: tuple[Choice, ...]
    default: int | None = None
