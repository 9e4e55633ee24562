"""Placeholders are holes, wherever they stand; all else is what is written."""

from __future__ import annotations

import json

import pytest

from ecs_preflight.symbolic.source import NOWHERE
from ecs_preflight.symbolic.values import Known, Shape, Text, Unknown, shown_value
from ecs_preflight.taskfiles.placeholders import filled, quoted
from ecs_preflight.taskfiles.templating import stands_for


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<IMAGE1_NAME>", "${IMAGE1_NAME}"),
        ("$IMAGE", "${IMAGE}"),
        ("${IMAGE}:v1", "${IMAGE}:v1"),
        ("app:{{ tag }}", "app:${tag}"),
        ("a-#{Stage}#-b", "a-${Stage}-b"),
        ("__TAG__", "${TAG}"),
        ("@@TAG@@", "${TAG}"),
        ("%TAG%", "${TAG}"),
        ("${account}", "${placeholder account}"),
        ("arn:aws:iam::ACCOUNT_ID:role/app", "arn:aws:iam::${ACCOUNT_ID}:role/app"),
        ("arn:aws:iam::<ACCOUNT>:role/app", "arn:aws:iam::${ACCOUNT}:role/app"),
        ("arn:aws:ssm:REGION:111122223333:parameter/a:b", None),
        ("ACCOUNT.dkr.ecr.REGION.amazonaws.com/app:1", None),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:1", None),
        ("mail@example.com", None),
        ("100%", None),
        ("a < b > c", None),
        ("__init__.py", "${init}.py"),
    ],
)
def test_a_placeholder_is_a_hole(written: str, shown: str | None) -> None:
    value = filled(written, NOWHERE, stands_for)
    words = {"ACCOUNT", "REGION", "ACCOUNT_ID"}
    expected = shown or written
    if shown is None:
        for word in words:
            expected = expected.replace(f":{word}:", f":${{{word}}}:")
            expected = expected.replace(f"{word}.", f"${{{word}}}.")
    assert shown_value(value) == expected


def test_a_hole_in_the_place_of_an_account_has_the_shape_of_one() -> None:
    value = filled("arn:aws:sns:$REGION:$ACCOUNT:topic-$STAGE", NOWHERE, stands_for)
    assert isinstance(value, Text)
    holes = [part for part in value.parts if isinstance(part, Unknown)]
    assert [hole.shape for hole in holes] == [Shape.REGION, Shape.ACCOUNT, Shape.ANY]


def test_equal_placeholders_are_equal_values() -> None:
    assert filled("<A>", NOWHERE, stands_for) == filled("<A>", NOWHERE, stands_for)


@pytest.mark.parametrize(
    "written",
    [
        '{"cpu": $CPU, "b": "$B"}',
        '{"cpu": {{ .Values.cpu }}, "list": [<ONE>, ${TWO}]}',
        '{"cpu": #{cpu}#, "x": "a: $C", "y": __Y__}',
        r'{"cpu": {{ env "CPU" }}, "escaped": "\": $X"}',
    ],
)
def test_a_placeholder_outside_a_string_becomes_one_of_the_same_length(written: str) -> None:
    mended = quoted(written)
    assert len(mended) == len(written)
    content = json.loads(mended)
    assert isinstance(filled(content["cpu"], NOWHERE, stands_for), Unknown)


def test_json_stays_as_it_is() -> None:
    written = '{"a": "$B: <C>", "d": [1, true, null], "e": {"f": {}}}'
    assert quoted(written) == written
    assert filled("plain", NOWHERE, stands_for) == Known("plain")
