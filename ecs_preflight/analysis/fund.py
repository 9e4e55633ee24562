"""The steps that all units of a scan have together: many small units cost about as much as one
large one.

Each unit has some of its own, by the size of its source, so that no neighbour takes it all, and
some again for what is read between it and others; what it needs beyond them it draws from what
is common to all. Measured of 70 public repositories: all
units of one take 12 steps a character at the most, nearly all of them less than three.
"""

from __future__ import annotations

import mmap
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from ..adapters.units import Found, Inputs, Tree, Unit
from ..symbolic.budget import Fund, drawing_on
from ..symbolic.records import dataclass, replace
from .evaluated import FrontEnd
from .input_sets import sets_of

#: What is common: for any scan, for a character of its source, for one that is judged once more
#: with other inputs, and for one of a scan that is large.
COMMON, PER_CHARACTER, PER_REPEATED, PER_FURTHER = 1_000_000, 5, 2, 50
#: What part of the latter there is again for what is read between a unit and others.
READ = 2
#: How many characters make a scan large.
LARGE = 100_000
#: What the units have of their own: all of them together, one at the most, and for a character,
#: which units that have it in common share.
OWN, MOST_OWN, OWN_PER_CHARACTER = 500_000, 40_000, 10
#: How files end that are computed to find units.
_COMPUTED = (".hcl", ".tfvars")


def _common(whole: int) -> int:
    """What is common to all whose source is that long."""
    return COMMON + PER_CHARACTER * whole + PER_FURTHER * max(0, whole - LARGE)


class ScanFund:
    """Implements budget.Fund for the units that are to be judged, be it in several processes."""

    def __init__(self, units: Sequence[Unit]) -> None:
        files = [frozenset(unit.files) for unit in units]
        shared = Counter(file for each in files for file in each)
        sizes = {file: os.path.getsize(file) for file in shared if os.path.isfile(file)}
        whole, least = sum(sizes.values()), min(MOST_OWN, OWN // max(1, len(units)))
        repeated = sum(
            (len(sets_of(unit)) - 1) * sum(sizes.get(file, 0) for file in each)
            for unit, each in zip(units, files, strict=True)
        )
        self._common = _common(whole) + PER_REPEATED * repeated
        self._own = [
            least + sum(OWN_PER_CHARACTER * sizes.get(f, 0) // shared[f] for f in each)
            for each in files
        ]
        names = (unit.name for unit in units)
        self._read = {name: own // READ for name, own in zip(names, self._own, strict=True)}
        # What each unit has drawn of the common steps, as all processes see it.
        self._drawn = memoryview(mmap.mmap(-1, 8 * max(1, len(units)))).cast("q")
        self._at = 0

    @contextmanager
    def of(self, index: int) -> Iterator[None]:
        """What is judged inside is the unit at the index."""
        self._at = index
        with drawing_on(self):
            yield

    def draw(self, steps: int) -> int:
        """Implements budget.Fund."""
        own = min(steps, self._own[self._at])
        self._own[self._at] -= own
        return own + self._draw_common(steps - own)

    def of_reading(self, unit: str) -> Fund:
        """Implements budget.Fund."""
        return _OfReading(self, unit)

    def draw_for_reading(self, unit: str, steps: int) -> int:
        """Implements _Fund."""
        own = min(steps, self._read.get(unit, 0))  # none of one that is around the scan
        self._read[unit] = self._read.get(unit, 0) - own
        return own + self._draw_common(steps - own)

    def _draw_common(self, steps: int) -> int:
        drawn = max(0, min(steps, self._left)) if steps else 0
        self._drawn[self._at] += drawn
        return drawn

    @property
    def is_spent(self) -> bool:
        """Is nothing left of what is common?"""
        return self._left <= 0

    @property
    def _left(self) -> int:
        return self._common - sum(self._drawn)


class FindingFund:
    """Implements budget.Fund for what is worked out to find the units of a tree: each of them has
    some steps of its own, again, and some are common."""

    def __init__(self, tree: Tree) -> None:
        computed = (path for path in tree.files if path.suffix in _COMPUTED)
        sizes = [os.path.getsize(path) for path in computed if os.path.isfile(path)]
        self._common = _common(sum(sizes))
        self._least = min(MOST_OWN, OWN // max(1, len(sizes)))
        self._drawn: dict[str, int] = {}

    def draw(self, steps: int) -> int:
        """Implements budget.Fund."""
        drawn = min(steps, self._common)
        self._common -= drawn
        return drawn

    def of_reading(self, unit: str) -> Fund:
        """Implements budget.Fund."""
        return _OfReading(self, unit)

    def draw_for_reading(self, unit: str, steps: int) -> int:
        """Implements _Fund."""
        own = min(steps, self._least - self._drawn.get(unit, 0))
        self._drawn[unit] = self._drawn.get(unit, 0) + own
        return own + self.draw(steps - own)


def units_of(tree: Tree, inputs: Inputs, front_end: FrontEnd) -> Found:
    """What a front end finds in a tree. Raises what the front end raises."""
    with drawing_on(FindingFund(tree)):
        return front_end(tree, inputs)


class _Fund(Fund, Protocol):
    """A fund that knows what each unit has for what is read of it."""

    def draw_for_reading(self, unit: str, steps: int) -> int:
        """What is drawn for that."""


@dataclass(frozen=True)
class _OfReading:
    """Implements budget.Fund for what is read between a unit and others."""

    fund: _Fund
    unit: str

    def draw(self, steps: int) -> int:
        """Implements budget.Fund."""
        return self.fund.draw_for_reading(self.unit, steps)

    def of_reading(self, unit: str) -> Fund:
        """Implements budget.Fund."""
        return replace(self, unit=unit)
