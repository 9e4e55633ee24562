"""How messages name values that are, or begin with, a resource's own ARN or id."""

from __future__ import annotations

import pytest

from ecs_preflight.symbolic.titles import shown_title
from ecs_preflight.symbolic.values import Known, Reference, Unknown, Value, join

SECRET = Reference(
    "aws_secretsmanager_secret.db", "arn", Known("arn:aws:secretsmanager:::secret:db")
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (SECRET, "aws_secretsmanager_secret.db"),
        (Reference("Vpc", "Ref"), "Vpc"),
        (join(Reference("aws_s3_bucket.b", "arn"), "/*"), "aws_s3_bucket.b/*"),
        (
            join("arn:aws:s3:::", Reference("aws_s3_bucket.b", "id")),
            "arn:aws:s3:::${aws_s3_bucket.b.id}",
        ),
        (Reference("aws_db_instance.main", "endpoint"), "${aws_db_instance.main.endpoint}"),
        (Known("vpc-0a1b2c3d"), "vpc-0a1b2c3d"),
        (Unknown("an input"), "${...}"),
    ],
)
def test_a_resource_is_named_by_its_address(value: Value, written: str) -> None:
    assert shown_title(value) == written
