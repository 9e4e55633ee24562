"""Generated expressions: the same as Terraform's, and sound where parts are not known."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from evaluating import (
    REFUSED,
    ToyScope,
    encoded,
    needs_terraform,
    terraform_encoded,
    unknown,
    value_of,
)
from expression_texts import CONSTANTS, expressions
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from ecs_preflight.symbolic.strings import parts_may_equal, parts_of
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import (
    Entries,
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    literal,
)

KNOWN = {name: value_of(text) for name, text in CONSTANTS.items()}
LOCALS = "".join(f"  {name} = {text}\n" for name, text in CONSTANTS.items())


def local(**hidden: Value) -> ToyScope:
    return ToyScope({"local": Entries(tuple({**KNOWN, **hidden}.items()))})


@needs_terraform
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(expressions(), min_size=60, max_size=60))
def test_generated_expressions_are_what_terraform_makes_of_them(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        theirs = terraform_encoded(texts, Path(folder), LOCALS)
    for text, wanted in zip(texts, theirs, strict=True):
        ours = encoded(text, local())
        # What Terraform refuses, it may refuse for a part that its value does not depend on.
        if wanted != REFUSED:
            assert isinstance(ours, str), f"{text} is {ours}"
            assert _unsigned(ours) == _unsigned(wanted), text


def _unsigned(text: str) -> str:
    """Without the sign of Terraform's negative zero."""
    return re.sub(r"(?<![\w.-])-0(?![\w.])", "0", text)


@settings(
    max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(expressions(), st.sets(st.sampled_from(sorted(CONSTANTS)), min_size=1))
def test_a_part_that_is_not_known_never_changes_what_is(text: str, hidden: set[str]) -> None:
    # What 'try' is given may fail for a value that is not known; it is taken all the same.
    assume("try(" not in text)
    whole = value_of(text, local())
    assume(not isinstance(whole, Unknown))  # Terraform refuses it
    partial = value_of(text, local(**{name: unknown(f"local.{name}") for name in hidden}))
    assert may_be(partial, whole), f"{text}: {partial} is not {whole}"


@settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(expressions(), st.sets(st.sampled_from(["s", "arn"]), min_size=1))
def test_an_attribute_that_is_not_known_never_changes_what_is(text: str, hidden: set[str]) -> None:
    whole = value_of(text, local())
    assume(not isinstance(whole, Unknown))
    texts = {
        "s": Text((Unknown("", Name("first")), "od")),
        "arn": Text(
            ("arn:aws:iam::", Unknown("", Name("account")), ":role/", Unknown("", Name("name")))
        ),
    }
    partial = value_of(
        text, local(**{name: Reference("aws_iam_role.r", name, texts[name]) for name in hidden})
    )
    assert may_be(partial, whole), f"{text}: {partial} is not {whole}"


def may_be(partial: Value, whole: Value) -> bool:
    """Can what is not known turn out so that the value is ``whole``?"""
    if isinstance(partial, Unknown):
        return True
    if isinstance(partial, (Text, Reference)):
        text = literal(whole)
        return text is None or parts_may_equal(parts_of(partial) or (), (text,))
    if isinstance(partial, Known):
        # What an unknown is converted to for the sake of the other side shows only later.
        return isinstance(whole, Known) and (partial == whole or literal(partial) == literal(whole))
    if isinstance(partial, Items) and isinstance(whole, Items):
        if partial.remainder is not None or partial.is_set:
            return all(any(may_be(item, other) for other in whole.items) for item in partial.items)
        return len(partial.items) == len(whole.items) and all(
            may_be(item, other) for item, other in zip(partial.items, whole.items, strict=True)
        )
    if isinstance(partial, Entries) and isinstance(whole, Entries):
        members = dict(whole.entries)
        is_all = partial.remainder is not None or set(members) == {
            key for key, _ in partial.entries
        }
        return is_all and all(
            key in members and may_be(item, members[key]) for key, item in partial.entries
        )
    return False
