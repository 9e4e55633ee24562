"""What Terraform counts as one character: a grapheme cluster (Unicode Standard Annex 29)."""

from __future__ import annotations

import unicodedata

from ....symbolic.budget import charge
from ....symbolic.values import Unknown, Why
from ..faults import NotComputable

_JOINER = "\u200d"


def graphemes(text: str) -> list[str]:
    """The user-perceived characters of ``text``. Raises NotComputable for scripts whose clusters
    need the whole of Unicode's tables (conjoining Hangul, Indic conjuncts, prepended marks)."""
    if text.isascii() and "\r\n" not in text:
        return list(text)
    charge(len(text))
    clusters: list[str] = []
    for character in text:
        if clusters and _continues(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _continues(cluster: str, character: str) -> bool:
    last = cluster[-1]
    if (last, character) == ("\r", "\n"):
        return True
    if last in "\r\n" or character in "\r\n" or unicodedata.category(last) in ("Cc", "Zl", "Zp"):
        return False
    if _is_hard(character):
        raise NotComputable(Unknown("its characters cannot be told apart here", why=Why.FUNCTION))
    category = unicodedata.category(character)
    is_tone = 0x1F3FB <= ord(character) <= 0x1F3FF
    if is_tone or category in ("Mn", "Me", "Mc") or character == _JOINER:
        return True
    if last == _JOINER:
        return category == "So"
    flags = sum(1 for letter in cluster if 0x1F1E6 <= ord(letter) <= 0x1F1FF)
    return 0x1F1E6 <= ord(character) <= 0x1F1FF and flags == len(cluster) == 1


def _is_hard(character: str) -> bool:
    code = ord(character)
    return (
        0x1100 <= code <= 0x11FF
        or 0xA960 <= code <= 0xA97F
        or 0xD7B0 <= code <= 0xD7FF
        or 0x0900 <= code <= 0x0DFF
        or 0x0600 <= code <= 0x0605
        or 0xE0000 <= code <= 0xE0FFF
    )
