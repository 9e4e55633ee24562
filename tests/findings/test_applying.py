"""Edits at one place are put there in an order that leaves each in its own mapping."""

from __future__ import annotations

from itertools import permutations

import pytest
import yaml

from ecs_preflight.findings.finding import Edit
from ecs_preflight.findings.fixing.applying import applied
from ecs_preflight.findings.sources import FileText


@pytest.mark.parametrize(
    ("text", "inserted", "expected"),
    [
        (
            "list:\n  - a: 1",
            ("\n    b: 2", "\n  - a: 3", "\nmore: 4"),
            {"list": [{"a": 1, "b": 2}, {"a": 3}], "more": 4},
        ),
        (
            "list:\n- a: 1",
            ("\n  b: 2", "\n- a: 3", "\n\nmore: 4"),
            {"list": [{"a": 1, "b": 2}, {"a": 3}], "more": 4},
        ),
        ("list: [1", (", 2]", "\nmore: 3"), {"list": [1, 2], "more": 3}),
    ],
)
def test_what_is_further_in_comes_first(
    text: str, inserted: tuple[str, ...], expected: object
) -> None:
    source = FileText("template.yaml", text)
    place = source.span(len(text), len(text))
    for order in permutations(inserted):
        new = applied(source, [Edit(place, each) for each in order])
        assert yaml.safe_load(new) == expected
