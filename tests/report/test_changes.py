"""What a fix changes, shown as rows: near the edits alone, whatever else the file holds."""

from __future__ import annotations

import difflib

import pytest

from ecs_preflight.analysis.lines import Lines
from ecs_preflight.findings.finding import Edit, Fix
from ecs_preflight.report import changes
from ecs_preflight.symbolic.source import Span

SOURCE = [f"line {number}" for number in range(1, 31)]


class Held(Lines):
    """Lines that stand in no file."""

    def __init__(self, source: list[str]) -> None:
        self.source = source

    def of(self, file: str) -> list[str]:
        return self.source


def edit(begin: tuple[int, int], end: tuple[int, int], new: str) -> Edit:
    return Edit(Span("a.tf", *begin, *end), new)


@pytest.mark.parametrize(
    ("edits", "rows"),
    [
        (
            [edit((1, 1), (1, 1), "new\n")],
            [("@", "a.tf:1"), ("+", "new"), (" ", "line 1")],
        ),
        (
            [edit((30, 8), (30, 8), "\nnew")],
            [("@", "a.tf:30"), (" ", "line 30"), ("+", "new")],
        ),
        (
            [edit((5, 1), (6, 1), ""), edit((20, 1), (20, 5), "row")],
            [
                *(("@", "a.tf:4"), (" ", "line 4"), ("-", "line 5"), (" ", "line 6")),
                *(("@", "a.tf:19"), (" ", "line 19"), ("-", "line 20"), ("+", "row 20")),
                (" ", "line 21"),
            ],
        ),
        (
            [edit((5, 1), (5, 5), "a"), edit((7, 1), (7, 5), "b")],
            [
                *(("@", "a.tf:4"), (" ", "line 4"), ("-", "line 5"), ("+", "a 5")),
                *((" ", "line 6"), ("-", "line 7"), ("+", "b 7"), (" ", "line 8")),
            ],
        ),
    ],
)
def test_rows_show_what_goes_and_comes(edits: list[Edit], rows: list[tuple[str, str]]) -> None:
    assert changes.rows(Fix("", edits=tuple(edits)), Held(SOURCE)) == rows


def test_only_what_is_near_an_edit_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    class Counting(difflib.SequenceMatcher[str]):
        def __init__(self, isjunk: None, a: list[str], b: list[str], autojunk: bool) -> None:
            compared.append(len(a) + len(b))
            super().__init__(isjunk, a, b, autojunk)

    monkeypatch.setattr(difflib, "SequenceMatcher", Counting)
    source = ["a {}"] * 20_000
    far = [edit((1, 1), (1, 1), "x"), edit((20_000, 1), (20_000, 1), "y")]
    assert len(changes.rows(Fix("", edits=tuple(far)), Held(source))) == 8
    wide = [edit((1, 1), (15_000, 1), "y\n" * 15_000)]
    assert changes.rows(Fix("", edits=tuple(wide)), Held(source))
    assert sum(compared) < 20
