"""Patterns of file names, held against fnmatch where it means the same."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import product

from ecs_preflight.symbolic.globs import name_glob, text_glob

TEXTS = ["".join(letters) for size in range(5) for letters in product("ab/", repeat=size)]


def test_a_text_matches_as_fnmatch_has_it() -> None:
    for pattern in ("*", "a*", "*a", "a*a", "ab", "a?b", "*a*", "?*", ""):
        for text in TEXTS:
            assert text_glob(pattern).matches(text) == fnmatchcase(text, pattern), (pattern, text)


def test_a_star_of_a_name_stops_at_a_slash() -> None:
    for pattern in ("*", "a*", "*a", "a*a"):
        for text in TEXTS:
            expected = fnmatchcase(text, pattern) and "/" not in text
            assert name_glob(pattern).matches(text) is expected, (pattern, text)
