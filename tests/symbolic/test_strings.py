"""The algebra of texts with holes, against filling the holes in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ecs_preflight.symbolic.strings import is_instance, may_equal, must_cover
from ecs_preflight.symbolic.strings.pieces import after, arn_parts, before, split
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Known, Shape, Unknown, Value, join, shown_value

HOLES = {name: Unknown("not known", Name(name)) for name in "xyz"}
PARTS = st.lists(st.sampled_from(["a", "b", ":", "/", *HOLES]), max_size=5)
FILLINGS = st.fixed_dictionaries({name: st.text("ab:/", max_size=3) for name in HOLES})


def text_of(parts: list[str], filling: dict[str, str] | None = None) -> Value:
    """The text, its holes open or as ``filling`` has them."""
    return join(*((filling or HOLES).get(part, part) for part in parts))


@given(PARTS, PARTS, FILLINGS)
def test_texts_that_read_the_same_under_some_filling_may_be_equal(
    one: list[str], other: list[str], filling: dict[str, str]
) -> None:
    if text_of(one, filling) == text_of(other, filling):
        assert may_equal(text_of(one), text_of(other))


@given(PARTS, FILLINGS)
def test_a_text_with_its_holes_filled_is_an_instance_of_it(
    parts: list[str], filling: dict[str, str]
) -> None:
    assert is_instance(text_of(parts, filling), text_of(parts))
    assert is_instance(text_of(parts), text_of(parts))


@given(PARTS, PARTS, FILLINGS)
def test_an_instance_is_one_under_every_filling(
    special: list[str], general: list[str], filling: dict[str, str]
) -> None:
    if is_instance(text_of(special), text_of(general)):
        assert is_instance(text_of(special, filling), text_of(general))
        assert may_equal(text_of(special, filling), text_of(general))


def test_what_a_shape_does_not_admit_is_not_equal() -> None:
    account = Unknown("not known", Name("account"), shape=Shape.ACCOUNT)
    assert may_equal(join("r-", account), Known("r-123456789012"))
    assert not may_equal(join("r-", account), Known("r-12345678901x"))
    assert not may_equal(join("r-", account), join("q-", HOLES["x"]))


def test_what_aws_chooses_for_two_resources_is_never_equal() -> None:
    ids = [Unknown("chosen", Name(name), unique=True) for name in ("a.id", "b.id")]
    assert not may_equal(join("key/", ids[0]), join("key/", ids[1]))
    assert may_equal(join("key/", ids[0]), join("key/", ids[0]))


def test_a_hole_is_covered_by_a_star_alone() -> None:
    subject = join("role/app-", HOLES["x"])
    assert must_cover("role/app-*", subject)
    assert not must_cover("role/app-?", subject)
    assert not must_cover("role/app-prod", subject)


def test_cuts_are_made_where_a_mark_is_written() -> None:
    whole = join("arn:aws:s3:::", HOLES["x"], "/a:b")
    assert [shown_value(part) for part in arn_parts(whole) or ()] == [
        "arn",
        "aws",
        "s3",
        "",
        "",
        "${x}/a:b",
    ]
    assert arn_parts(join("arn:", HOLES["x"], ":a")) is None
    assert [shown_value(part) for part in split(join("a.", HOLES["x"], ".b.c"), ".", 3)] == [
        "a",
        "${x}",
        "b.c",
    ]
    assert shown_value(after(join(HOLES["x"], "role/a/", HOLES["y"]), "/")) == "${y}"
    found = before(join(HOLES["x"], ":a:b"), ":")
    assert found is not None and shown_value(found) == "${x}"
    assert before(join(HOLES["x"], "ab"), ":") is None
