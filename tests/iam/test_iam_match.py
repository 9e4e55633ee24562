"""Patterns with wildcards and holes against names with holes."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from iam_toys import HERE, THERE, hole, said

from ecs_preflight.iam import match
from ecs_preflight.symbolic import arns, strings
from ecs_preflight.symbolic.answers import No, Yes
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Items, Known, Reference, Shape, Unknown, Value, join, text

PLAIN = st.text("ab:", max_size=8)
GLOB = st.text("ab:*?", max_size=8)
SYMBOLS = ("x", "y")
PIECES = st.one_of(PLAIN, st.sampled_from(SYMBOLS).map(hole))


def oracle(pattern: str, name: str) -> bool:
    return (
        re.fullmatch(
            "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern), name, re.DOTALL
        )
        is not None
    )


def filled(value: Value, holes: dict[str, str]) -> str:
    parts = (value,) if not hasattr(value, "parts") else value.parts
    return "".join(
        part
        if isinstance(part, str)
        else holes[str(part.symbol)]
        if isinstance(part, Unknown)
        else str(part.value)
        for part in parts
    )


@given(GLOB, PLAIN)
def test_known_patterns_agree_with_regular_expressions(pattern: str, name: str) -> None:
    answer = match.covers(Known(pattern), Known(name))
    assert isinstance(answer, Yes if oracle(pattern, name) else No)


@given(GLOB, st.lists(PIECES, max_size=4), st.tuples(PLAIN, PLAIN))
@settings(max_examples=400)
def test_an_answer_about_holes_is_true_of_every_filling(
    pattern: str, pieces: list[str | Unknown], fillings: tuple[str, str]
) -> None:
    subject = join(*pieces)
    name = filled(subject, dict(zip(SYMBOLS, fillings, strict=True)))
    answer = match.covers(Known(pattern), subject)
    if oracle(pattern, name):
        assert not isinstance(answer, No), name
    else:
        assert not isinstance(answer, Yes), name


@given(
    st.lists(st.one_of(GLOB, st.sampled_from(SYMBOLS).map(hole)), max_size=4),
    st.lists(PIECES, max_size=4),
    st.tuples(PLAIN, PLAIN),
)
@settings(max_examples=400)
def test_holes_on_both_sides_are_the_same_value(
    pattern: list[str | Unknown], subject: list[str | Unknown], fillings: tuple[str, str]
) -> None:
    holes = dict(zip(SYMBOLS, fillings, strict=True))
    given_pattern, name = filled(join(*pattern), holes), filled(join(*subject), holes)
    answer = match.covers(join(*pattern), join(*subject))
    if oracle(given_pattern, name):
        assert not isinstance(answer, No)
    else:
        assert not isinstance(answer, Yes)


@given(GLOB, st.lists(PIECES, max_size=3))
@settings(max_examples=400)
def test_unknown_is_said_only_where_fillings_differ(
    pattern: str, pieces: list[str | Unknown]
) -> None:
    """Exactness: with one hole at most, an Unknown has a filling that matches and one that does
    not."""
    assume(sum(isinstance(piece, Unknown) for piece in pieces) <= 1)
    subject = join(*pieces)
    if said(match.covers(Known(pattern), subject)) == "unknown":
        shown = [
            pattern.replace("*", star).replace("?", one) for star in ("", "#") for one in "#ab:"
        ]
        pieces_of = {
            name[i:j] for name in shown for i in range(len(name)) for j in range(i, len(name) + 1)
        }
        names = {
            filled(subject, {"x": filling, "y": filling}) for filling in {*FILLINGS, *pieces_of}
        }
        assert {oracle(pattern, name) for name in names} == {True, False}


#: Every text of up to three of the letters, one of which no pattern holds; and long ones.
FILLINGS = [
    "",
    *(a for a in "ab:#"),
    *(a + b for a in "ab:#" for b in "ab:#"),
    *(a + b + c for a in "ab:#" for b in "ab:#" for c in "ab:#"),
    "#" * 40,
]
FILLINGS += [a + b + c + d for a in "ab:#" for b in "ab:#" for c in "ab:#" for d in "ab:#"]


@given(st.text("ab:*?", max_size=5), st.integers(0, 8), st.integers(0, 8), PLAIN)
@settings(max_examples=300)
def test_hiding_a_part_of_a_name_never_turns_the_answer(
    pattern: str, start: int, length: int, name: str
) -> None:
    """Yes and No only change to each other by way of Unknown."""
    hidden = join(name[:start], hole("h"), name[start + length :])
    before, after = match.covers(Known(pattern), Known(name)), match.covers(Known(pattern), hidden)
    assert said(after) in (said(before), "unknown")


@given(GLOB, GLOB)
def test_within_is_true_of_every_match(inner: str, outer: str) -> None:
    answer = match.within(Known(inner), Known(outer))
    matching = [name for name in FILLINGS if oracle(inner, name)]
    if isinstance(answer, Yes):
        assert all(oracle(outer, name) for name in matching)
    if isinstance(answer, No):
        assert not any(oracle(outer, name) for name in matching)


SECRET = arns.secret(HERE, Known("app"), "aws_secretsmanager_secret.app")
GROUP = arns.log_group(HERE, Known("/ecs/app"))
STREAM = arns.log_stream(HERE, Known("/ecs/app"), hole("stream"))
BUCKET = Reference(
    "aws_s3_bucket.data", "arn", join("arn:", arns.PARTITION, ":s3:::", hole("data"))
)
DATA = Reference("data.aws_secretsmanager_secret.db", "arn")


@pytest.mark.parametrize(
    ("pattern", "subject", "expected"),
    [
        # Region and account that nobody knows, against wildcards and literals
        (Known("arn:aws:logs:*:*:*"), STREAM, "yes"),
        (Known("arn:aws:secretsmanager:*:*:secret:app-??????"), SECRET, "yes"),
        (Known("arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-*"), SECRET, "unknown"),
        (Known("arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-*"), SECRET, "no"),
        (
            join("arn:aws:secretsmanager:", arns.REGION, ":", arns.ACCOUNT, ":secret:app*"),
            SECRET,
            "yes",
        ),
        (
            join("arn:aws:secretsmanager:", arns.REGION, ":", hole("other"), ":secret:app*"),
            SECRET,
            "unknown",
        ),
        # what is to be filled in may become anything, and is what it is where it stands again
        (Known("arn:aws:s3:::<your-bucket>/*"), Known("arn:aws:s3:::shop/a.env"), "unknown"),
        (Known("arn:aws:s3:::<your-bucket>/b"), Known("arn:aws:s3:::shop/a.env"), "no"),
        (Known("arn:aws:s3:::your-bucket/*"), Known("arn:aws:s3:::your-bucket/a.env"), "yes"),
        (Known("arn:aws:s3:::shop/*"), Known("arn:aws:s3:::your-bucket/a.env"), "unknown"),
        (Known("Put your ARN here"), Known("arn:aws:s3:::shop/a.env"), "unknown"),
        (Known("arn:aws:sqs:*:xxxxxxxxxxxx:app"), Known("arn:aws:sqs:eu-west-1:1:app"), "unknown"),
        (Known("arn:aws:s3:::todo-app/*"), Known("arn:aws:s3:::shop/a.env"), "no"),
        (join("arn:aws:s3:::", hole("var.b"), "/<key>"), Known("arn:aws:s3:::b/k"), "unknown"),
        # an open partition is taken for aws, but only to say Yes
        (Known("arn:aws-cn:secretsmanager:*:*:secret:app-*"), SECRET, "unknown"),
        (join("arn:", arns.PARTITION, ":logs:*:*:*"), Known("arn:aws:logs:eu-west-1:1:x"), "yes"),
        (
            join("arn:", arns.PARTITION, ":logs:*:*:*"),
            Known("arn:aws-cn:logs:eu-west-1:1:x"),
            "unknown",
        ),
        # the same reference is the same value, and what is appended to it counts
        (DATA, DATA, "yes"),
        (DATA, Reference("data.aws_secretsmanager_secret.api", "arn"), "unknown"),
        (DATA, join(DATA, ":x"), "no"),
        (join(DATA, "*"), join(DATA, ":x"), "yes"),
        (BUCKET, join(BUCKET, "/env/app.env"), "no"),
        (join(BUCKET, "/*"), join(BUCKET, "/env/app.env"), "yes"),
        (join(BUCKET, "/*"), BUCKET, "no"),
        (hole(""), hole(""), "unknown"),
        (hole("v"), hole("v"), "yes"),
        # facts B5, C4, C6
        (GROUP, STREAM, "no"),
        (join(GROUP, ":*"), STREAM, "yes"),
        (join(GROUP, ":log-stream:*"), STREAM, "yes"),
        (Known("arn:aws:secretsmanager:*:*:secret:app"), SECRET, "no"),
        (Known("arn:aws:secretsmanager:*:*:secret:app-secret"), SECRET, "unknown"),
        (Known("arn:aws:secretsmanager:*:*:secret:app-secrets"), SECRET, "no"),
        (Known("arn:aws:ssm:*:*:parameter//app"), arns.parameter(HERE, Known("/app")), "no"),
        # facts J6
        (Known("arn:aws:ssm:::parameter/app"), arns.parameter(THERE, Known("/app")), "no"),
        (
            Known("arn:aws:ssm:eu-west-1:*:parameter/app"),
            arns.parameter(THERE, Known("/app")),
            "yes",
        ),
        (
            Known("arn:aws:ssm:us-east-1:*:parameter/app"),
            arns.parameter(THERE, Known("/app")),
            "no",
        ),
        # resources are case-sensitive, a star crosses everything (facts J4)
        (
            Known("arn:aws:ssm:eu-west-1:*:parameter/App"),
            arns.parameter(THERE, Known("/app")),
            "no",
        ),
        (Known("*"), STREAM, "yes"),
        (Known("arn:*"), STREAM, "yes"),
        (Known("arn:aws:*:app"), STREAM, "unknown"),
        # a lone star is the very character, one inside a name stands for any text
        (Known("arn:aws:ecr:*"), Known("*"), "no"),
        (Known("*"), Known("*"), "yes"),
        (Known("?"), Known("*"), "yes"),
        (Known("arn:aws:s3:::b/a*"), Known("arn:aws:s3:::b/*"), "unknown"),
        (Known("arn:aws:s3:::b/*"), Known("arn:aws:s3:::b/a*"), "yes"),
        # policy variables are holes, their escapes are not
        (Known("arn:aws:s3:::b/${aws:username}/*"), Known("arn:aws:s3:::b/x/y"), "unknown"),
        (Known("arn:aws:s3:::c/${aws:username}/*"), Known("arn:aws:s3:::b/x/y"), "no"),
        (Known("b/${*}"), Known("b/x"), "no"),
        (Known("b/${$}x"), Known("b/$x"), "yes"),
    ],
)
def test_names_of_real_policies(pattern: Value, subject: Value, expected: str) -> None:
    assert said(match.covers(pattern, subject)) == expected


def test_variables_are_plain_text_in_the_older_version() -> None:
    pattern = Known("b/${aws:username}")
    assert said(match.covers(pattern, Known("b/x"), variables=False)) == "no"
    assert said(match.covers(pattern, Known("b/${aws:username}"), variables=False)) == "yes"


@pytest.mark.parametrize(
    ("shape", "text_inside", "expected"),
    [
        (Shape.ACCOUNT, "111122223333", "unknown"),
        (Shape.ACCOUNT, "11112222333", "no"),
        (Shape.ACCOUNT, "11112222333x", "no"),
        (Shape.SUFFIX, "AbCdEf", "unknown"),
        (Shape.SUFFIX, "AbC-Ef", "no"),
        (Shape.SEGMENT, "a/b", "no"),
        (Shape.WORD, "a/b", "unknown"),
        (Shape.WORD, "a:b", "no"),
        (Shape.SEGMENT, "", "no"),
        (Shape.ANY, "", "unknown"),
        (Shape.REGION, "eu-west-1", "unknown"),
    ],
)
def test_a_shape_says_what_a_hole_can_be(shape: Shape, text_inside: str, expected: str) -> None:
    subject = join("[", Unknown("", Name("s"), shape=shape), "]")
    assert said(match.covers(Known(f"[{text_inside}]"), subject)) == expected
    assert said(match.covers(subject, Known(f"[{text_inside}]"))) == expected


def test_a_reason_names_the_hole_that_decides() -> None:
    answer = match.covers(
        Known("arn:aws:s3:::a"), join("arn:", arns.PARTITION, ":s3:::", hole("var.b"))
    )
    assert isinstance(answer, Unknown)
    assert answer.symbol == Name("var.b")


def test_what_is_no_text_is_unknown() -> None:
    assert said(match.covers(Items((Known("a"),)), Known("a"))) == "unknown"
    assert said(match.covers(Known("*"), Known(None))) == "unknown"


def test_equal_texts_without_wildcards() -> None:
    assert said(match.equals(Known("a*"), Known("ab"))) == "no"
    assert said(match.equals(Known("a*"), Known("a*"))) == "yes"
    assert said(match.equals(Known("AB"), Known("ab"), fold=True)) == "yes"
    assert (
        said(match.equals(join("ecs-tasks.", arns.DNS_SUFFIX), Known("ecs-tasks.amazonaws.com")))
        == "yes"
    )


@pytest.mark.parametrize(
    "pattern",
    ["*?" * 5_000, "*a" * 5_000, "?" * 10_000, "*?*a*?" * 1_500 + "b", "a*" * 5_000 + "z"],
)
def test_long_patterns_end(pattern: str) -> None:
    """With backtracking none of these would end; the last name is one that nearly matches."""
    for subject in (text([Known("a" * 2_000), hole("h"), Known("a" * 2_000)]), Known("a" * 12_000)):
        assert said(match.covers(Known(pattern), subject)) in ("yes", "no", "unknown")


def test_sets_of_positions_stay_bounded() -> None:
    holes = tuple(strings.Blank(Name(symbol)) for symbol in "abcdefgh")
    pattern = tuple(strings.Wild(False) for _ in range(200))
    assert strings.must_match(pattern, holes) is False
    assert strings.must_match((*pattern[:3], strings.Wild(True)), (*holes, "a", "b", "c")) is True
