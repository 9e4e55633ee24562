"""What is made of the very things that the default world has is made once."""

from __future__ import annotations

from ecs_preflight.symbolic.sharing import same, shared
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Unknown
from ecs_preflight.symbolic.worlds import Choice, PathCondition

SWITCH = Name("var.switch")


def worlds() -> tuple[PathCondition, PathCondition]:
    default = PathCondition()
    default.truth(Unknown("it is open", SWITCH))
    choice = {SWITCH: Choice(SWITCH, True)}
    return default, PathCondition(choice, dict(default.decision_points), default)


def test_another_world_has_what_the_default_one_made_of_the_very_things() -> None:
    default, other = worlds()
    thing, equal = ["a"], ["a"]
    made = shared(default, "copy", (thing,), lambda: list(thing))
    assert shared(other, "copy", (thing,), lambda: list(thing)) is made
    assert shared(other, "copy", (equal,), lambda: list(equal)) is not made
    assert shared(other, "other copy", (thing,), lambda: list(thing)) is not made


def test_several_things_are_the_same_where_each_is() -> None:
    default, other = worlds()
    one, two = ["1"], ["2"]
    both = same(default, "both", (one, two))
    assert same(other, "both", (one, two)) is both
    assert same(other, "both", (two, one)) == (two, one)


def test_a_world_without_others_keeps_nothing() -> None:
    alone = PathCondition()
    shared(alone, "copy", ("a",), lambda: "b")
    assert not alone.made
