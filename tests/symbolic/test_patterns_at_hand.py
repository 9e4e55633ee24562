"""Patterns that are compiled when they are first asked."""

from __future__ import annotations

import re

import pytest

from ecs_preflight.symbolic.patterns import regex


def test_answers_as_a_compiled_one() -> None:
    word = regex(r"(\w)\w*", re.ASCII)
    found = word.search("é ab cd")
    assert found is not None and found.group(1) == "a"
    assert word.findall("ab cd") == ["a", "c"]
    assert word.sub("x", "ab cd") == "x x"
    assert (word.pattern, word.groups) == (r"(\w)\w*", 1)


def test_compiles_nothing_before_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def compile_(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return original(pattern, flags)

    original = re.compile
    monkeypatch.setattr(re, "compile", compile_)
    word = regex("a")
    assert not compiled
    assert word.match("a") and word.match("a") and word.search("ba")
    assert compiled == ["a"]


def test_tells_what_is_wrong_with_the_pattern() -> None:
    with pytest.raises(re.error):
        regex("(").match("a")
