"""Conditions: every operator, what is absent, and what is not known."""

from __future__ import annotations

from typing import Any

import pytest
from iam_toys import allow, document, hole, said

from ecs_preflight.iam import conditions
from ecs_preflight.iam.document import statements
from ecs_preflight.symbolic.answers import No
from ecs_preflight.symbolic.values import ABSENT, Items, Known, Unknown, Value, join

CONTEXT: dict[str, Value] = {
    "aws:s": Known("Blue"),
    "aws:n": Known("10"),
    "aws:d": Known("2026-05-01T00:00:00Z"),
    "aws:b": Known("true"),
    "aws:ip": Known("10.1.2.3"),
    "aws:bin": Known("QUJD"),
    "aws:arn": Known("arn:aws:ecs:eu-west-1:1:task/a/b"),
    "aws:list": Items((Known("red"), Known("Blue"))),
    "aws:none": Items(()),
    "aws:gone": ABSENT,
    "aws:hole": hole("h"),
    "aws:half": join("arn:aws:ecs:eu-west-1:", hole("account"), ":x"),
    "aws:more": Items((Known("red"),), hole("more")),
}


def judged(operator: str, key: str, values: Any) -> str:
    [statement] = statements(document(allow("*", Condition={operator: {key: values}}))).statements
    assert statement.unread is None
    return said(conditions.holds(statement.conditions[0], CONTEXT))


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [
        ("StringEquals", "aws:s", "Blue", "yes"),
        ("StringEquals", "aws:s", "blue", "no"),
        ("StringEquals", "aws:s", ["x", "Blue"], "yes"),
        ("StringEquals", "aws:s", "B*", "no"),
        ("stringequals", "AWS:S", "Blue", "yes"),
        ("StringNotEquals", "aws:s", ["x", "Blue"], "no"),
        ("StringNotEquals", "aws:s", "x", "yes"),
        ("StringEqualsIgnoreCase", "aws:s", "bLUE", "yes"),
        ("StringNotEqualsIgnoreCase", "aws:s", "bLUE", "no"),
        ("StringLike", "aws:s", "B?u*", "yes"),
        ("StringLike", "aws:s", "b*", "no"),
        ("StringNotLike", "aws:s", "B*", "no"),
        ("StringNotLike", "aws:s", "R*", "yes"),
        ("NumericEquals", "aws:n", "10.0", "yes"),
        ("NumericNotEquals", "aws:n", 10, "no"),
        ("NumericLessThan", "aws:n", "10", "no"),
        ("NumericLessThanEquals", "aws:n", "10", "yes"),
        ("NumericGreaterThan", "aws:n", "9", "yes"),
        ("NumericGreaterThanEquals", "aws:n", "11", "no"),
        ("NumericEquals", "aws:n", "ten", "unknown"),
        ("DateEquals", "aws:d", "2026-05-01T00:00:00+00:00", "yes"),
        ("DateNotEquals", "aws:d", "2026-05-02", "yes"),
        ("DateLessThan", "aws:d", "2026-06-01T00:00:00Z", "yes"),
        ("DateGreaterThan", "aws:d", "2026-05-01", "no"),
        ("DateGreaterThanEquals", "aws:d", "1000000000", "yes"),
        ("DateLessThanEquals", "aws:d", "soon", "unknown"),
        ("Bool", "aws:b", "true", "yes"),
        ("Bool", "aws:b", False, "no"),
        ("Bool", "aws:b", True, "yes"),
        ("BinaryEquals", "aws:bin", "QUJD", "yes"),
        ("BinaryEquals", "aws:bin", "QUJE", "no"),
        ("BinaryEquals", "aws:bin", "?", "unknown"),
        ("IpAddress", "aws:ip", "10.0.0.0/8", "yes"),
        ("IpAddress", "aws:ip", ["192.168.0.0/16", "10.1.2.3"], "yes"),
        ("NotIpAddress", "aws:ip", "10.0.0.0/8", "no"),
        ("IpAddress", "aws:ip", "ten", "unknown"),
        ("IpAddress", "aws:ip", "2001:db8::/32", "no"),
        ("ArnLike", "aws:arn", "arn:aws:ecs:*:1:task/*", "yes"),
        ("ArnEquals", "aws:arn", "arn:aws:ecs:*:1:*", "yes"),
        ("ArnLike", "aws:arn", "arn:aws:ecs:*:task/*", "unknown"),  # a star stays within its part
        ("ArnLike", "aws:arn", "arn:aws:ecs:us-*:1:task/*", "no"),
        ("ArnNotLike", "aws:arn", "arn:aws:s3:::*", "yes"),
        ("ArnNotEquals", "aws:arn", "arn:aws:ecs:*:*:*", "no"),
        ("StringLike", "aws:arn", "arn:aws:ecs:*task/*", "yes"),
        ("Null", "aws:gone", "true", "yes"),
        ("Null", "aws:gone", "false", "no"),
        ("Null", "aws:s", "true", "no"),
        ("Null", "aws:s", False, "yes"),
        ("Null", "aws:elsewhere", "true", "unknown"),
        ("Null", "aws:hole", "true", "no"),
    ],
)
def test_operators(operator: str, key: str, values: Any, expected: str) -> None:
    assert judged(operator, key, values) == expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", "no"),
        ("StringLike", "no"),
        ("ArnLike", "no"),
        ("Bool", "no"),
        ("IpAddress", "no"),
        ("NumericLessThan", "no"),
        ("DateGreaterThan", "no"),
        ("BinaryEquals", "no"),
        ("StringNotEquals", "yes"),
        ("StringNotLike", "yes"),
        ("ArnNotLike", "yes"),
        ("NotIpAddress", "yes"),
        ("NumericNotEquals", "yes"),
        ("DateNotEquals", "yes"),
        ("StringEqualsIfExists", "yes"),
        ("ArnLikeIfExists", "yes"),
        ("StringNotEqualsIfExists", "yes"),
        ("ForAllValues:StringEquals", "yes"),
        ("ForAnyValue:StringEquals", "no"),
        ("ForAllValues:StringNotEquals", "yes"),
        ("ForAnyValue:StringNotEquals", "no"),
    ],
)
def test_a_key_that_is_not_there(operator: str, expected: str) -> None:
    assert judged(operator, "aws:gone", "1") == expected


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [
        ("ForAnyValue:StringEquals", "aws:list", "Blue", "yes"),
        ("ForAllValues:StringEquals", "aws:list", "Blue", "no"),
        ("ForAllValues:StringEquals", "aws:list", ["Blue", "red", "x"], "yes"),
        ("ForAllValues:StringLike", "aws:list", "*", "yes"),
        ("ForAnyValue:StringNotEquals", "aws:list", "red", "yes"),
        ("ForAllValues:StringNotEquals", "aws:list", "green", "yes"),
        ("ForAllValues:StringEquals", "aws:none", "x", "yes"),
        ("ForAnyValue:StringEquals", "aws:none", "x", "no"),
        ("ForAnyValue:StringEquals", "aws:more", "red", "yes"),
        ("ForAnyValue:StringEquals", "aws:more", "x", "unknown"),
        ("ForAllValues:StringEquals", "aws:more", "x", "no"),
        ("ForAllValues:StringEquals", "aws:more", "red", "unknown"),
    ],
)
def test_several_values(operator: str, key: str, values: Any, expected: str) -> None:
    assert judged(operator, key, values) == expected


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [
        ("StringEquals", "aws:hole", "x", "unknown"),
        ("StringNotEquals", "aws:hole", "x", "unknown"),
        ("StringEquals", "aws:hole", hole("h"), "yes"),
        ("StringLike", "aws:hole", "*", "yes"),
        ("StringEquals", "aws:elsewhere", "x", "unknown"),
        ("StringEqualsIfExists", "aws:elsewhere", "x", "unknown"),
        ("ArnLike", "aws:half", "arn:aws:ecs:*:*:x", "yes"),
        ("ArnLike", "aws:half", "arn:aws:ecs:*:1:x", "unknown"),
        ("ArnLike", "aws:half", "arn:aws:s3:*:1:x", "no"),
        ("ArnEquals", "aws:hole", hole("h"), "yes"),
        ("ArnEquals", "aws:hole", [hole("v"), hole("h")], "yes"),
        ("ArnEquals", "aws:hole", hole("v"), "unknown"),
        ("ArnEquals", "aws:s", "Blue", "unknown"),  # neither is an ARN
        ("StringEquals", "aws:s", hole("v"), "unknown"),
        ("StringEquals", "aws:s", [hole("v"), "Blue"], "yes"),
        ("StringEquals", "aws:s", Items((Known("x"),), hole("more")), "unknown"),
        ("StringEquals", "aws:s", "${aws:b}", "no"),
        ("StringEquals", "aws:b", "${aws:b}", "yes"),
        ("StringEquals", "aws:s", "${aws:elsewhere}", "unknown"),
        ("Sometimes", "aws:s", "x", "unknown"),
        *(
            (operator, key, values, "unknown")
            for operator, value in (
                ("Bool", "true"),
                ("NumericEquals", "10"),
                ("NumericNotEquals", "10"),
                ("NumericLessThan", "10"),
                ("DateGreaterThan", "2020-01-01T00:00:00Z"),
                ("DateNotEquals", "2020-01-01T00:00:00Z"),
                ("IpAddress", "10.0.0.0/8"),
                ("NotIpAddress", "10.0.0.0/8"),
                ("BinaryEquals", "QUJD"),
            )
            for key, values in (("aws:hole", value), ("aws:half", value), ("aws:n", hole("v")))
        ),
    ],
)
def test_what_is_not_known(operator: str, key: str, values: Any, expected: str) -> None:
    assert judged(operator, key, values) == expected


def test_all_conditions_must_hold() -> None:
    [statement] = statements(
        document(
            allow(
                "*",
                Condition={
                    "StringEquals": {"aws:s": "Blue", "aws:b": "true"},
                    "Bool": {"aws:b": "false"},
                },
            )
        )
    ).statements
    assert [said(conditions.holds(condition, CONTEXT)) for condition in statement.conditions] == [
        "yes",
        "yes",
        "no",
    ]


def test_a_no_gives_its_reason_and_place() -> None:
    [statement] = statements(
        document(allow("*", Condition={"StringEquals": {"aws:s": ["red"]}}))
    ).statements
    answer = conditions.holds(statement.conditions[0], CONTEXT)
    assert isinstance(answer, No)
    assert answer.evidence[0].message == "'aws:s' is 'Blue' in that request"
    assert answer.evidence[0].span.line > 10


def test_a_condition_that_cannot_be_read_leaves_the_statement_open() -> None:
    for condition in (hole("condition"), {"StringEquals": hole("keys")}, {"StringEquals": "x"}):
        [statement] = statements(document(allow("*", Condition=condition))).statements
        assert isinstance(statement.unread, Unknown)


def test_operators_are_known_by_name() -> None:
    assert all(
        map(
            conditions.is_operator,
            ("StringEquals", "ForAllValues:StringLikeIfExists", "Null", "Bool"),
        )
    )
    assert not any(
        map(conditions.is_operator, ("StringEqual", "ForSome:StringEquals", "NullIfExists", ""))
    )
