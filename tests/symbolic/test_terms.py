"""Terms: equal by structure, printed within bounds, and without a mark that is only ours."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_preflight.analysis.options import Options
from ecs_preflight.analysis.scan import scan
from ecs_preflight.symbolic.terms import (
    Constant,
    Name,
    Operation,
    Term,
    in_order,
    is_path,
    member,
    names_in,
    negated,
    renaming,
)
from ecs_preflight.symbolic.values import shown_value

SAMPLES = Path(__file__).parents[2] / "samples"
#: What stands for a hole, or tells terms apart, inside the tool.
MARK = re.compile("\\$\\{\\?\\}|#[0-9a-f]{6,}|\\]#|[\0\ue000\ufffd]")

names = st.text(min_size=1, max_size=40).map(Name)
constants = (st.none() | st.booleans() | st.integers() | st.text(max_size=80)).map(Constant)
operators = st.sampled_from(
    ["!", "==", "&&", "?", ".", "[]", "[*]", "...", "text", "list", "set", "map", "length"]
)


def operations(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    return st.builds(Operation, operators, st.lists(inner, min_size=3, max_size=9).map(tuple))


terms = st.recursive(names | constants, operations, max_leaves=60)


@given(terms)
def test_a_term_prints_within_bounds_and_survives_being_sent(term: Term) -> None:
    assert len(str(term)) < 4_000
    again = pickle.loads(pickle.dumps(term))
    assert again == term and hash(again) == hash(term) and str(again) == str(term)


@given(terms, terms)
def test_equal_terms_are_made_alike(one: Term, other: Term) -> None:
    assert (one == other) is (repr(one) == repr(other))
    assert in_order([one, other]) == in_order([other, one])


@given(terms)
def test_every_name_is_renamed(term: Term) -> None:
    assert names_in(renaming(lambda name: f"a.{name}")(term)) == {
        f"a.{name}" for name in names_in(term)
    }


def test_terms_are_negated_and_walked() -> None:
    env = Name("var.env")
    is_prod = Operation("==", (env, Constant("prod")))
    assert negated(negated(is_prod)) == is_prod and str(negated(is_prod)) == '!(var.env == "prod")'
    assert member(env, "x") == Name("var.env.x")
    assert is_path(Operation("[]", (env, Constant(0)))) and not is_path(is_prod)
    assert Constant(True) != Constant(1) and Name("1") != Constant("1")


@pytest.mark.parametrize("language", ["terraform", "cloudformation"])
def test_no_report_shows_a_mark(language: str) -> None:
    report = scan([SAMPLES / language], Options(root=SAMPLES))
    said = [
        text
        for f in report.findings
        for text in (f.message, f.when or "", shown_value(f.subject), f.cause)
    ]
    said += [outcome.reason.reason for outcome in report.undecided]
    said += [o.need.on for o in (*report.findings, *report.undecided) if o.need is not None]
    assert said and not [text for text in said if MARK.search(text)]


@given(st.text('${}?#[]"\\.a1-é', min_size=1, max_size=12))
def test_no_name_becomes_a_mark(name: str) -> None:
    shown = str(Operation("==", (Name("var.x"), Constant(name))))
    assert not MARK.search(shown.replace(str(Constant(name)), ""))
