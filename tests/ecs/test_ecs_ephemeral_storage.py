"""Which keys Fargate can encrypt a cluster's ephemeral storage with (facts D11)."""

from __future__ import annotations

from typing import Any

import pytest
from iam_toys import HERE, THERE, allow, document, said

from ecs_preflight.ecs.ephemeral_storage import unsupported, usable
from ecs_preflight.model import Cluster, Key, Language, Stack, Target
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import ABSENT, Known, Text, Unknown, Value

SPAN = Span("main.tf", 1, 1, 4, 2)
BOTH = ["kms:GenerateDataKeyWithoutPlaintext", "kms:CreateGrant"]
CONTEXT = "kms:EncryptionContext:aws:ecs:"


def key(policy: Value = ABSENT, multi_region: Value = ABSENT) -> Key:
    identifier = arns.hole("aws_kms_key.k", "key_id", unique=True)
    return Key(
        address="aws_kms_key.k",
        type="aws_kms_key",
        span=SPAN,
        name=identifier,
        arn=arns.key(HERE, identifier),
        policy=policy,
        multi_region=multi_region,
    )


def answers(condition: dict[str, Any], target: Target = THERE) -> list[str]:
    """For a data key and for a grant, under that condition on both."""
    name = Known("app")
    cluster = Cluster(
        address="aws_ecs_cluster.app",
        type="aws_ecs_cluster",
        span=SPAN,
        name=name,
        arn=arns.cluster(target, name),
    )
    statement = allow(BOTH, Principal={"Service": "fargate.amazonaws.com"}, Condition=condition)
    stack = Stack("main", Language.TERRAFORM, target)
    return [said(a) for a in usable(stack, cluster, key(document(statement))).values()]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, ["yes", "yes"]),
        (
            {
                "StringEquals": {
                    CONTEXT + "clusterName": "app",
                    CONTEXT + "clusterAccount": "111122223333",
                }
            },
            ["yes", "yes"],
        ),
        ({"StringEquals": {CONTEXT + "clusterName": "other"}}, ["no", "no"]),
        (
            {
                "StringEquals": {
                    CONTEXT + "clusterName": "arn:aws:ecs:eu-west-1:111122223333:cluster/app"
                }
            },
            ["no", "no"],
        ),
        ({"StringEquals": {CONTEXT + "clusterAccount": "444455556666"}}, ["no", "no"]),
        # a data key is no grant, so it has no operations: of which "for all values" is true
        ({"ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt"]}}, ["yes", "yes"]),
        ({"ForAllValues:StringEquals": {"kms:GrantOperations": ["Encrypt"]}}, ["yes", "no"]),
        ({"ForAnyValue:StringEquals": {"kms:GrantOperations": ["Decrypt"]}}, ["no", "yes"]),
        # only a call about grants carries that key
        ({"Bool": {"kms:GrantIsForAWSResource": "true"}}, ["no", "unknown"]),
    ],
)
def test_the_condition_of_the_grant(condition: dict[str, Any], expected: list[str]) -> None:
    assert answers(condition) == expected


def test_the_account_is_that_of_the_clusters_own_provider() -> None:
    condition = {"StringEquals": {CONTEXT + "clusterAccount": "111122223333"}}
    assert answers(condition, HERE) == ["unknown", "unknown"]
    assert answers(condition, Target(Known("aws"), Known("eu-west-1"), Known("444455556666"))) == [
        "no",
        "no",
    ]


@pytest.mark.parametrize(
    ("named", "what"),
    [
        ("alias/app", "alias"),
        ("alias/aws/ebs", "alias"),
        ("arn:aws:kms:eu-west-1:111122223333:alias/app", "alias"),
        ("alias/mrk-app", "alias"),
        ("mrk-1234abcd12ab34cd56ef1234567890ab", "multi-Region key"),
        (
            "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
            "multi-Region key",
        ),
        ("1234abcd-12ab-34cd-56ef-1234567890ab", ""),
        ("arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", ""),
    ],
)
def test_what_fargate_does_not_support(named: str, what: str) -> None:
    assert unsupported(Known(named), None) == what


def test_a_key_of_the_stack_says_itself_whether_it_is_multi_region() -> None:
    own = key()
    assert unsupported(own.arn, own) == ""
    assert unsupported(own.arn, key(multi_region=Known(True))) == "multi-Region key"
    assert unsupported(own.arn, key(multi_region=Known("true"))) == "multi-Region key"
    assert unsupported(own.arn, key(multi_region=Unknown("variable 'x' has no value"))) == ""
    assert unsupported(Text((Unknown("it is not known", Name("alias/app")), "x")), own) == ""
