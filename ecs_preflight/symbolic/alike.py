"""Which known name was meant by one that is written."""

from __future__ import annotations

from collections.abc import Collection

from .budget import charge
from .patterns import regex

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


#: What separates the parts of a name.
_SEPARATOR = regex(r"[-_./ ]+")
#: A name of fewer letters and digits is like too many.
_SHORTEST = 6


def is_slip(one: str, other: str) -> bool:
    """Do the names differ in what separates their parts alone, or in one letter that is missing or
    is another one? A digit is no slip: ``api-1`` and ``api-2`` are two."""
    if max(len(one), len(other)) > _LONGEST:
        return False
    plain, other_plain = (_SEPARATOR.sub("", name).lower() for name in (one, other))
    if one == other or min(len(plain), len(other_plain)) < _SHORTEST:
        return False
    if plain == other_plain:
        return True
    start = 0
    while plain[start : start + 1] == other_plain[start : start + 1]:
        start += 1
    first, second = plain[start:], other_plain[start:]
    while first and second and first[-1] == second[-1]:
        first, second = first[:-1], second[:-1]
    return max(len(first), len(second)) == 1 and (first + second).isalpha()
