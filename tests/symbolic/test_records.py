"""Records are dataclasses: what the package uses of these means the same."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any, ClassVar

import pytest

from ecs_preflight.symbolic import records
from ecs_preflight.symbolic.records import dataclass, field, fields, is_dataclass, replace


@dataclass(frozen=True)
class Base:
    kind: ClassVar[str] = "base"
    name: str
    place: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class Derived(Base):
    many: list[int] = field(default_factory=list, compare=False, repr=False)
    fixed: int = field(default=3, init=False)


@dataclass(frozen=True, slots=True, order=True)
class Slotted:
    first: int
    second: str = "b"


@dataclass(frozen=True)
class WithMore(Slotted):
    third: tuple[int, ...] = field(default=(), compare=False)


@dataclass
class Changing:
    count: int = 0

    def __post_init__(self) -> None:
        self.count += 1


def made_by(library: Any) -> type[Any]:
    @library.dataclass(frozen=True)
    class Made:
        a: int
        b: int = 2
        c: tuple[int, ...] = library.field(default=(), compare=False)
        d: list[int] = library.field(default_factory=list, compare=False, repr=False)

    return Made


def test_they_mean_what_the_librarys_mean() -> None:
    ours, theirs = made_by(records), made_by(dataclasses)
    for arguments in ({"a": 1}, {"a": 1, "b": 3}, {"a": 1, "c": (1,)}, {"a": 2, "d": [1]}):
        one, other = ours(**arguments), theirs(**arguments)
        assert repr(one) == repr(other)
        assert vars(one) == vars(other)
        assert (one == ours(a=1)) is (other == theirs(a=1))
        assert (hash(one) == hash(ours(a=1))) is (hash(other) == hash(theirs(a=1)))
    assert [f.name for f in fields(ours)] == [f.name for f in dataclasses.fields(theirs)]
    assert ours.__match_args__ == theirs.__match_args__
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'a'"):
        ours()


def test_they_inherit() -> None:
    one = Derived("x", many=[1])
    assert repr(one) == "Derived(name='x', place=0, fixed=3)"
    assert (one.kind, one.fixed, one.many, Derived("x").many) == ("base", 3, [1], [])
    assert one == Derived("x", 5) and one != Base("x") and is_dataclass(one)
    assert replace(one, name="y") == Derived("y") and replace(one, name="y").many == [1]
    with pytest.raises(TypeError):
        Derived("x", 0, [])  # type: ignore[misc]


def test_slots_hold_no_more_than_their_fields() -> None:
    one = Slotted(1)
    assert not hasattr(one, "__dict__")
    assert sorted([Slotted(2), one, Slotted(1, "a")]) == [Slotted(1, "a"), one, Slotted(2)]
    assert {one: 1}[Slotted(1, "b")] == 1


@pytest.mark.parametrize(
    "one", [Slotted(1), WithMore(1, "c", (2,)), Derived("x", many=[2]), Changing(4)]
)
def test_they_travel(one: object) -> None:
    for again in (pickle.loads(pickle.dumps(one)), copy.copy(one)):
        assert again == one and repr(again) == repr(one)


def test_those_that_change_have_no_hash() -> None:
    assert Changing().count == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(Changing())
