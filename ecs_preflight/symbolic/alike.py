"""Which known name was meant by one that is written."""

from __future__ import annotations

from collections.abc import Collection

from .budget import charge

#: No name that AWS takes and people mistype is longer.
_LONGEST = 512
#: What a name costs that may be alike (steps), and how many pairs of letters are compared in one.
_EACH, _PAIRS_PER_STEP = 16, 64


def nearest(name: str, known: Collection[str], cutoff: float) -> str | None:
    """The one of ``known`` that is most like the name, if it is as much like it as the ``cutoff``
    (0 to 1) says. Raises OverBudget."""
    from difflib import get_close_matches  # where it is used: most code has no slip of the pen

    if len(name) > _LONGEST:
        return None
    similar = [
        other
        for other in known
        if 2 * min(len(name), len(other)) >= cutoff * (len(name) + len(other))
    ]
    charge(sum(_EACH + len(name) * len(other) // _PAIRS_PER_STEP for other in similar))
    return next(iter(get_close_matches(name, similar, 1, cutoff)), None)
