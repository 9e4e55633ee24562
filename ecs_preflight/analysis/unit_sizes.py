"""How large units are, and what to read them may cost."""

from __future__ import annotations

import os

from ..adapters.units import Unit

#: How much source pays for one step more of what reads it (measured: two, of plain services); and
#: what each character adds of the first so many, since small source may say much.
CHARACTERS_PER_STEP, PER_CHARACTER, SMALL = 2, 10, 100_000


def size_of(unit: Unit) -> int:
    """How much source the unit has, about: a byte is nearly always a character."""
    return sum(os.path.getsize(file) for file in unit.files if os.path.isfile(file))


def steps_for(unit: Unit) -> int:
    """What reading the unit may cost for its size."""
    size = size_of(unit)
    return size // CHARACTERS_PER_STEP + PER_CHARACTER * min(size, SMALL)
