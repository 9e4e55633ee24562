"""What stands in a structure, and in which order."""

from __future__ import annotations

from ecs_preflight.symbolic.leaves import holes_in, leaves
from ecs_preflight.symbolic.values import Entries, Items, Known, Reference, Text, Unknown

ROLE, WHY = Reference("aws_iam_role.app", "arn"), Unknown("a caller gives it")
NAMED = Text(("role/", ROLE, "-", WHY))
BODY = Entries(
    (
        ("Role", ROLE),
        ("Names", Items((Known("app"), NAMED, Entries((("Deep", WHY),))), Unknown("may be more"))),
        ("Last", Known(None)),
    )
)


def test_the_leaves_stand_in_the_order_of_the_source() -> None:
    assert list(leaves(BODY)) == [ROLE, Known("app"), NAMED, WHY, Known(None)]
    assert list(leaves(WHY)) == [WHY]
    assert list(leaves(Items(()))) == []


def test_holes_are_those_of_texts_too_and_no_known_value() -> None:
    assert list(holes_in(BODY)) == [ROLE, ROLE, WHY, WHY]
    assert list(holes_in(Known("app"))) == []


def test_no_depth_is_too_great() -> None:
    value: Items | Known = Known("deep")
    for _ in range(5_000):
        value = Items((value,))
    assert list(leaves(value)) == [Known("deep")]
