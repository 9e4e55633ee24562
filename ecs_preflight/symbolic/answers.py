"""How a question about a value can be answered: ``Yes``, ``No`` or ``Unknown``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Union

from .records import dataclass
from .source import Span
from .values import Known, Unknown, Value, Why


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer rests on: a sentence, the resource it is in, and where."""

    message: str
    address: str
    span: Span


@dataclass(frozen=True, slots=True)
class Yes:
    """Certainly; because of ``evidence``. ``within`` is a limit that is out of sight, such as a
    permissions boundary in other code: it can only take away."""

    evidence: tuple[Evidence, ...] = ()
    within: Evidence | None = None

    def __bool__(self) -> bool:
        raise TypeError("an answer has three values: compare it with isinstance, not as a bool")


@dataclass(frozen=True, slots=True)
class No:
    """Certainly not; ``evidence`` says what comes nearest and why it does not count, best first."""

    evidence: tuple[Evidence, ...] = ()

    def __bool__(self) -> bool:
        raise TypeError("an answer has three values: compare it with isinstance, not as a bool")


class Unsought(No):
    """A No whose evidence is looked for when it is asked for: most are never told."""

    __slots__ = ("_found", "_seek")

    def __init__(self, seek: Callable[[], tuple[Evidence, ...]]) -> None:
        self._seek = seek
        self._found: tuple[Evidence, ...] | None = None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What ``seek`` gives, once."""
        if self._found is None:
            self._found = self._seek()
        return self._found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, No) and other.evidence == self.evidence

    def __hash__(self) -> int:
        return hash(self.evidence)


Answer = Union[Yes, No, Unknown]


#: The answers that need no evidence.
YES, NO = Yes(), No()


def is_absent(value: Value) -> Answer:
    """Is the value null, and thus as if it were not written?"""
    if isinstance(value, Known):
        return YES if value.value is None else NO
    return value if isinstance(value, Unknown) else NO


def truth(value: Value) -> Answer:
    """The value read as a bool, as both languages convert it; null is No."""
    if isinstance(value, Known):
        if value.value in (True, "true", "True", 1, "1"):
            return Yes()
        if value.value in (None, False, "false", "False", 0, "0"):
            return No()
        return Unknown(f"'{value.value}' is not a bool", why=Why.FUNCTION, span=value.span)
    if isinstance(value, Unknown):
        return value
    return Unknown("it is known only after deployment", span=value.span)
