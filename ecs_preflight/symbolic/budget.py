"""How much work one unit may cost: counted, not timed, so that the same input always ends alike.

Whoever loops over what scanned code can make large charges for it. The budget belongs to the unit
at hand; within it each expression has a share, so that one that is over it is undecided and the
rest is still judged. The units of a scan draw their steps from one fund, which many small ones
cannot stretch. What counting misses, the parent of the unit's process ends by the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import Any, Protocol, TypeVar

from .source import NOWHERE, Span
from .values import Unknown, Why

Result = TypeVar("Result")

#: One step is about a microsecond's work of ours: an expression visited, a statement asked.
UNIT_STEPS = 1_500_000
_NOT_YET = object()
#: Characters of what is said of a unit, over all of its worlds.
UNIT_OUTPUT = 32_000_000
#: How many steps are drawn from a fund at once, and for what is read of a unit, which is less.
DRAWN, DRAWN_FOR_READING = 5_000, 500


class Limit(Enum):
    """What is limited of a unit, as it is called where it is told."""

    STEPS = "the number of steps"
    INSTANCES = "the number of instances"
    WORLDS = "the number of worlds"
    OUTPUT = "the output size"
    SECONDS = "the time in seconds"
    MEMORY = "the memory"

    @property
    def exceeded(self) -> str:
        """What is said where it is reached."""
        return self.beyond("")

    def beyond(self, of: str) -> str:
        """The same of one thing: ``of 'aws_iam_role.app'``."""
        return f"{self.value}{of and f' {of}'} is beyond the scan's limits"


class OverBudget(Exception):
    """The work asked for is more than may be done."""

    def __init__(self, limit: Limit = Limit.STEPS) -> None:
        super().__init__(limit.exceeded)

    @property
    def unknown(self) -> Unknown:
        """Why what hangs on it is not known."""
        return Unknown(str(self), why=Why.LIMIT)


class Fund(Protocol):
    """Steps that several budgets have together."""

    def draw(self, steps: int) -> int:
        """So many of them, or as many as there still are."""

    def of_reading(self, unit: str) -> Fund:
        """What there is to work out what is read to find the unit, or between it and others."""


class Budget:
    """``left`` steps, of which those below ``floor`` are not the current share's; and ``output``,
    how many characters may still be said. ``cut`` are the limits at which something else was cut
    off. With a ``fund`` the steps are drawn from that when they are charged for."""

    __slots__ = (
        "_at_once",
        "_fund",
        "_known",
        "_least",
        "_undrawn",
        "cut",
        "floor",
        "left",
        "output",
    )

    def __init__(
        self,
        steps: int,
        output: int = UNIT_OUTPUT,
        fund: Fund | None = None,
        at_once: int = DRAWN,
    ) -> None:
        self.left, self.floor, self.output = steps, 0, output
        self.cut: set[Limit] = set()
        self._known: dict[Hashable, Any] = {}
        # Of what is left that much is still the fund's.
        self._fund, self._undrawn, self._at_once = fund, steps if fund else 0, at_once
        self._least = self._undrawn

    def charge(self, steps: int = 1) -> None:
        """Raises OverBudget once the share is used up, and for each charge from then on."""
        self.left -= steps
        if self.left < self._least:
            self._draw()

    def _draw(self) -> None:
        """Raises OverBudget where the share is used up, or the fund, which ends the whole
        budget."""
        if self._fund is not None and self.left >= self.floor:
            wanted = max(self._undrawn - self.left, min(self._at_once, self._undrawn))
            self._undrawn -= self._fund.draw(wanted)
            if self.left >= self._undrawn:
                self._bound()
                return
            self.left, self.floor = -1, 0
            self._fund, self._undrawn = None, 0
            self._bound()
        self.left = max(self.left, self.floor - 1)
        raise OverBudget

    def _bound(self) -> None:
        self._least = max(self.floor, self._undrawn)

    def once(self, key: Hashable, compute: Callable[[], Result]) -> Result:
        """``compute()``, worked out once within the budget, whatever worlds ask for it: one key is
        always of one type."""
        found = self._known.get(key, _NOT_YET)
        if found is _NOT_YET:
            found = self._known[key] = compute()
        known: Result = found
        return known

    def say(self, characters: int) -> None:
        """Raises OverBudget once more is said than may be, and each time from then on."""
        self.output -= characters
        if self.output < 0:
            raise OverBudget(Limit.OUTPUT)

    def grant(self, steps: int) -> None:
        """More steps, for a unit that turns out to be large; none once all are spent."""
        if not self.is_spent:
            self.left += steps
            self._undrawn += steps if self._fund else 0
            self._bound()

    def cut_off(self, limit: Limit, of: str = "", span: Span = NOWHERE) -> Unknown:
        """Why what is beyond ``limit`` is not known (the number of instances ``of 'a.b'``): the
        unit as a whole tells it too, since what hangs on it may hide it."""
        self.cut.add(limit)
        return Unknown(limit.beyond(of), why=Why.LIMIT, span=span)

    @property
    def is_spent(self) -> bool:
        """Is nothing of the whole budget left?"""
        return self.left < 0

    @property
    def exceeded(self) -> tuple[Limit, ...]:
        """The limits at which something of the unit was cut off, in their order."""
        spent = {Limit.STEPS: self.is_spent, Limit.OUTPUT: self.output < 0}
        return tuple(limit for limit in Limit if spent.get(limit) or limit in self.cut)

    @contextmanager
    def share(self, steps: int) -> Iterator[None]:
        """No more than ``steps`` inside. What an inner share uses is not the outer one's."""
        before, outer = self.left, self.floor
        self.floor = max(0, before - steps)
        self._bound()
        try:
            yield
        finally:
            self.floor = max(0, outer - (before - self.left))
            self._bound()


#: Where no unit is at hand, only the shares are limits.
_current: ContextVar[Budget] = ContextVar("budget")
_UNLIMITED = 1 << 62


def current() -> Budget:
    """The budget in force; an unlimited one outside of any."""
    found = _current.get(None)
    if found is None:
        found = Budget(_UNLIMITED)
        _current.set(found)
    return found


def charge(steps: int = 1) -> None:
    """Raises OverBudget."""
    current().charge(steps)


#: What the budgets of units are drawn from, where there is anything.
_fund: ContextVar[Fund | None] = ContextVar("fund", default=None)


@contextmanager
def drawing_on(fund: Fund) -> Iterator[None]:
    """What units are charged for inside is drawn from that fund."""
    token = _fund.set(fund)
    try:
        yield
    finally:
        _fund.reset(token)


def drawn(steps: int) -> Budget:
    """A budget of so many steps, drawn from the fund in force."""
    return Budget(steps, fund=_fund.get())


@contextmanager
def of_unit(steps: int = UNIT_STEPS) -> Iterator[Budget]:
    """A budget for the unit that is judged inside."""
    with within(drawn(steps)) as budget:
        yield budget


def for_reading(unit: str) -> Budget:
    """A budget for what is read to find a unit, or between it and others: neither who reads pays
    for it nor who is read, so that nobody can take the steps of either by claiming to be the
    other's."""
    fund = _fund.get()
    drawn_on = fund and fund.of_reading(unit)
    return Budget(UNIT_STEPS, fund=drawn_on, at_once=DRAWN_FOR_READING)


@contextmanager
def of_reading(unit: str) -> Iterator[Budget]:
    """Such a budget for what is read inside."""
    with within(for_reading(unit)) as budget:
        yield budget


@contextmanager
def within(budget: Budget) -> Iterator[Budget]:
    """What is charged inside is this budget's."""
    token = _current.set(budget)
    try:
        yield budget
    finally:
        _current.reset(token)
