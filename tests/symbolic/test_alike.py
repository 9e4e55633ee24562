"""The name that was meant is looked for with bounded work."""

from __future__ import annotations

import random

import pytest

from ecs_preflight.symbolic.alike import is_slip, nearest
from ecs_preflight.symbolic.budget import OverBudget, of_unit


def shuffled(length: int, seed: int) -> str:
    letters = [chr(0x4E00 + index % 300) for index in range(length)]
    random.Random(seed).shuffle(letters)
    return "".join(letters)


def test_the_most_alike_is_meant() -> None:
    assert nearest("/ecs/app1", ["/ecs/other", "/ecs/app", ""], 0.75) == "/ecs/app"
    assert nearest("logs", ["/ecs/app"], 0.75) is None


def test_no_name_is_that_long() -> None:
    assert nearest("a" * 600, ["a" * 600], 0.6) is None


def test_many_names_that_might_be_meant_are_over_the_budget() -> None:
    known = [shuffled(500, seed) for seed in range(200)]
    with of_unit(10_000), pytest.raises(OverBudget):
        nearest(shuffled(500, 201), known, 0.6)


def test_names_of_another_length_cost_nothing() -> None:
    with of_unit(1):
        assert nearest("a" * 500, ["b"] * 1000, 0.6) is None


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("/ecs/arbitrum-onemainnet", "/ecs/arbitrum-one/mainnet", True),
        ("/ecs/reports", "/ecs/report", True),
        ("/ecs/reports", "/ecs/raports", True),
        ("/ecs/reports", "/ecs/reports", False),
        ("/ecs/api-1", "/ecs/api-2", False),
        ("/ecs/api", "/ecs/api2", False),
        ("/ecs/api", "/ecs/web", False),
        ("/a/b", "/a-b", False),
        ("", "", False),
    ],
)
def test_a_slip_of_the_pen_is_told_from_another_name(one: str, other: str, is_one: bool) -> None:
    assert is_slip(one, other) is is_one
    assert is_slip(other, one) is is_one
