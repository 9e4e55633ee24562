"""Resources and modules in expressions: references stay references, wholes are resolved when
needed."""

from __future__ import annotations

import pytest
from evaluating import ToyScope, plain, unknown, value_of, var

from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import (
    Entries,
    Items,
    Known,
    Reference,
    Shape,
    Text,
    Unknown,
    Value,
)

ACCOUNT = Unknown("the account is open", Name("account"), shape=Shape.ACCOUNT)
ARN = Text(("arn:aws:iam::", ACCOUNT, ":role/app"))
ROLE = var(
    arn=Reference("aws_iam_role.r", "arn", ARN),
    name=Reference("aws_iam_role.r", "name", Known("app")),
    id=Reference("aws_iam_role.r", "id"),
    tags=var(team=Known("x")),
)
SCOPE = ToyScope(
    {
        "aws_iam_role": var(
            r=Reference("aws_iam_role.r", ""),
            many=Reference("aws_iam_role.many", "*"),
            none=Items(()),
            one=Items((Reference("aws_iam_role.r", ""),)),
        ),
        "var": var(arn=unknown("var.arn")),
    },
    resolve={"aws_iam_role.r": ROLE, "aws_iam_role.many": ROLE},
)


def of(text: str) -> Value:
    return value_of(text, SCOPE)


@pytest.mark.parametrize(
    "text",
    [
        "aws_iam_role.r.arn",
        "aws_iam_role.one[0].arn",
        "aws_iam_role.one.0.arn",
        '"${aws_iam_role.r.arn}"',
        "one(aws_iam_role.one[*].arn)",
        "aws_iam_role.one.*.arn[0]",
        'join("", aws_iam_role.one[*].arn)',
        "try(aws_iam_role.none[0].arn, aws_iam_role.r.arn)",
        'try(aws_iam_role.r.arn, "x")',
        'coalesce("", aws_iam_role.r.arn)',
        "coalesce(one(aws_iam_role.none[*].arn), aws_iam_role.r.arn)",
        "element([aws_iam_role.r.arn], 0)",
        'lookup({ a = aws_iam_role.r.arn }, "a", "")',
        'format("%s", aws_iam_role.r.arn)',
        'aws_iam_role.r["arn"]',
        "tostring(aws_iam_role.r.arn)",
        "true ? aws_iam_role.r.arn : null",
        'trimsuffix(aws_iam_role.r.arn, ":*")',
        'replace(aws_iam_role.r.arn, "zzz", "")',
        "concat(aws_iam_role.none[*].arn, [aws_iam_role.r.arn])[0]",
        "merge(aws_iam_role.r, {}).arn",
        "{ for k, v in { a = aws_iam_role.r } : k => v.arn }.a",
        "values({ a = aws_iam_role.r.arn })[0]",
        "[for r in aws_iam_role.one : r.arn][0]",
        "jsondecode(jsonencode([aws_iam_role.r.arn]))[0]",
        "flatten([[aws_iam_role.r.arn]])[0]",
        "tolist([aws_iam_role.r.arn])[0]",
        "distinct([aws_iam_role.r.arn, aws_iam_role.r.arn])[0]",
        "nonsensitive(aws_iam_role.r.arn)",
        'aws_iam_role.r.arn == null ? "x" : aws_iam_role.r.arn',
    ],
)
def test_a_reference_comes_through(text: str) -> None:
    assert of(text) == Reference("aws_iam_role.r", "arn")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("aws_iam_role.r.arn == aws_iam_role.r.arn", True),
        ("aws_iam_role.r.arn == null", False),
        ("null != aws_iam_role.r.arn", True),
        ('aws_iam_role.r.arn == ""', False),
        ('"" != aws_iam_role.r.id', True),
        ('aws_iam_role.r.name == "app"', True),
        ('aws_iam_role.r.arn == "b"', False),
        ("aws_iam_role.r == null", False),
        ("aws_iam_role.many != null", True),
        ("length(aws_iam_role.one)", 1),
        ("length(aws_iam_role.none)", 0),
        ('startswith(aws_iam_role.r.arn, "arn:")', True),
        ('split("/", aws_iam_role.r.arn)[1]', "app"),
        ("contains([aws_iam_role.r.arn], aws_iam_role.r.arn)", True),
        ("aws_iam_role.r.tags.team", "x"),
        ("length(keys(aws_iam_role.r))", 4),
        ("can(aws_iam_role.r.arn)", True),
        ("can(aws_iam_role.none[0].arn)", False),
        ("length(aws_iam_role.none[*].arn) > 0", False),
    ],
)
def test_what_a_reference_tells(text: str, value: object) -> None:
    assert of(text) == Known(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"${aws_iam_role.r.arn}:*"', "<aws_iam_role.r.arn>:*"),
        ('split(":", aws_iam_role.r.arn)[4]', "<account>"),
        ('element(split(":", aws_iam_role.r.arn), 5)', "role/app"),
        ('replace(aws_iam_role.r.arn, "role", "policy")', "arn:aws:iam::<account>:policy/app"),
        ("jsonencode({ a = aws_iam_role.r.arn })", '{"a":"<aws_iam_role.r.arn>"}'),
        ("jsonencode(aws_iam_role.r.name)", '"<aws_iam_role.r.name>"'),
        ("aws_iam_role.r.id.part[0]", "<aws_iam_role.r.id.part[0]>"),
        ("upper(aws_iam_role.r.id)", "<upper(aws_iam_role.r.id)>"),
        ("aws_iam_role.r.arn == var.arn", "<(aws_iam_role.r.arn == var.arn)>"),
        ("provider::aws::arn_parse(aws_iam_role.r.arn).account_id", "<account>"),
        ("provider::aws::arn_parse(aws_iam_role.r.arn).resource", "role/app"),
        (
            'provider::aws::arn_build("aws", "sqs", "", "1", aws_iam_role.r.name)',
            "arn:aws:sqs::1:<aws_iam_role.r.name>",
        ),
        ('provider::aws::trim_iam_role_path("arn:aws:iam::1:role/a/b/c")', "arn:aws:iam::1:role/c"),
        ("provider::other::thing(aws_iam_role.r.arn)", "<>"),
    ],
)
def test_a_text_keeps_what_it_is_made_of(text: str, value: object) -> None:
    assert plain(of(text)) == value


@pytest.mark.parametrize(
    "text",
    [
        "aws_iam_role.many[*].arn",
        "values(aws_iam_role.many)[*].arn",
        "aws_iam_role.many.*.arn",
        "[for r in aws_iam_role.many : r.arn]",
        "concat(aws_iam_role.many[*].arn, [])",
    ],
)
def test_one_symbolic_instance_stands_for_those_that_are_not_counted(text: str) -> None:
    found = of(text)
    assert isinstance(found, Items)
    assert found.items == (Reference("aws_iam_role.r", "arn"),)
    assert found.remainder is not None


@pytest.mark.parametrize(
    "text",
    [
        "length(aws_iam_role.many)",
        "length(aws_iam_role.many) > 0",
        "one(aws_iam_role.many[*].arn)",
        "keys(aws_iam_role.many)",
    ],
)
def test_how_many_instances_there_are_stays_open(text: str) -> None:
    assert isinstance(of(text), Unknown)


def test_an_instance_of_an_unknown_key_is_the_symbolic_one() -> None:
    assert of("aws_iam_role.many[var.arn].arn") == Reference("aws_iam_role.r", "arn")


def test_a_resource_as_a_whole_is_encoded_with_what_is_known_of_it() -> None:
    found = of("jsondecode(jsonencode({ role = aws_iam_role.r }))")
    assert isinstance(found, Entries)
    role = found.get("role")
    assert isinstance(role, Entries)
    assert role.get("arn") == Reference("aws_iam_role.r", "arn")


@pytest.mark.parametrize(
    "text", ['"a${aws_iam_role.r}"', "aws_iam_role.r.arn.x", "{}[aws_iam_role.r]"]
)
def test_what_a_reference_cannot_do_is_unknown(text: str) -> None:
    assert isinstance(of(text), Unknown)
