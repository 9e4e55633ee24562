"""What a service may do with a key in its own name (facts D11, G2)."""

from __future__ import annotations

from typing import Any

import pytest
from iam_toys import HERE, allow, deny, document, hole, nearest, said

from ecs_preflight import iam
from ecs_preflight.model import Key
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.answers import Answer
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.values import ABSENT, Known, Text, Unknown, Value, join

FARGATE = "fargate.amazonaws.com"
ROOT = join("arn:aws:iam::", arns.ACCOUNT, ":root")
OWN = arns.key(HERE, arns.hole("aws_kms_key.k", "key_id", unique=True))
OTHER = arns.key(HERE, arns.hole("aws_kms_key.other", "key_id", unique=True))
CLUSTER = "kms:EncryptionContext:aws:ecs:clusterName"


def key(policy: Value, **more: Any) -> Key:
    return Key(
        address="aws_kms_key.k",
        type="aws_kms_key",
        span=Span("main.tf", 1, 1, 4, 2),
        name=ABSENT,
        arn=OWN,
        policy=policy,
        **more,
    )


def request(*statements: Any) -> Answer:
    """May Fargate create a grant on a key with these statements, beside those for the account?"""
    policy = document(by("AWS", ROOT, "kms:*"), *statements)
    return iam.service_may_use(FARGATE, "kms:CreateGrant", key(policy), {CLUSTER: Known("app")})


def by(
    kind: str, principal: Any, actions: Any, resources: Any = "*", **more: Any
) -> dict[str, Any]:
    return allow(actions, resources, Principal={kind: principal}, **more)


def when(operator: str, name: str, values: Any) -> dict[str, Any]:
    return {"Condition": {operator: {name: values}}}


@pytest.mark.parametrize(
    "statement",
    [
        by("Service", FARGATE, "kms:CreateGrant"),
        by("Service", [FARGATE, "logs.amazonaws.com"], "kms:Create*"),
        by("Service", FARGATE, "kms:CreateGrant", OWN),
        by("AWS", "*", "kms:*"),
        allow("kms:*", Principal="*"),
        allow("kms:*", NotPrincipal={"Service": "ec2.amazonaws.com"}),
        {
            "Effect": "Allow",
            "Principal": {"Service": FARGATE},
            "NotAction": "kms:ScheduleKeyDeletion",
        },
        by(
            "Service", FARGATE, "kms:CreateGrant", **when("StringEquals", CLUSTER, ["other", "app"])
        ),
        by("Service", FARGATE, "kms:CreateGrant", **when("StringLike", CLUSTER, "a*")),
        by("AWS", "*", "kms:*", **when("Bool", "aws:PrincipalIsAWSService", "true")),
    ],
)
def test_what_lets_the_service_use_the_key(statement: dict[str, Any]) -> None:
    assert said(request(statement)) == "yes"


NAMES = f"The policy of 'aws_kms_key.k' names '{FARGATE}'"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            by("Service", "ecs-tasks.amazonaws.com", "kms:*"),
            f"The policy of 'aws_kms_key.k' names 'ecs-tasks.amazonaws.com' instead of '{FARGATE}'.",
        ),
        (
            by(
                "Service", "logs.amazonaws.com", "kms:Decrypt"
            ),  # no miss at all: it is about another action
            f"The policy of 'aws_kms_key.k' names 'arn:aws:iam::${{account}}:root' instead of '{FARGATE}'.",
        ),
        (
            by("Service", FARGATE, "kms:Decrypt"),
            f"{NAMES}, but for 'kms:Decrypt' instead of 'kms:CreateGrant'.",
        ),
        (
            by("Service", FARGATE, "kms:CreateGrant", OTHER),
            f"{NAMES}, but in a statement on another resource.",
        ),
        (
            by("Service", FARGATE, "kms:CreateGrant", **when("StringEquals", CLUSTER, "other")),
            f"{NAMES} under a condition that cannot hold: '{CLUSTER}' is 'app' in that request.",
        ),
        (
            by("AWS", "*", "kms:*", **when("StringEquals", "aws:PrincipalOrgID", "o-1")),
            f"{NAMES} under a condition that cannot hold: 'aws:PrincipalOrgID' is not part of the request.",
        ),
    ],
)
def test_what_does_not(statement: dict[str, Any], reason: str) -> None:
    assert nearest(request(statement)) == reason


@pytest.mark.parametrize(
    "statement",
    [
        by("AWS", hole("var.admin"), "kms:*"),  # it may be everyone
        by("Service", hole("var.services"), "kms:*"),
        by("Service", FARGATE, hole("var.actions")),
        by("Service", FARGATE, "kms:CreateGrant", **when("StringEquals", "aws:SourceAccount", "1")),
        by(
            "Service",
            FARGATE,
            "kms:CreateGrant",
            **when("StringEquals", CLUSTER, hole("var.cluster")),
        ),
        hole("var.statement"),
    ],
)
def test_what_is_not_known(statement: Any) -> None:
    assert said(request(statement)) == "unknown"


def test_a_role_is_never_everyone() -> None:
    role = Text(("arn:aws:iam::", arns.ACCOUNT, ":role/", hole("var.admin")))
    assert said(request(by("AWS", role, "kms:*"))) == "no"


def test_a_deny_decides() -> None:
    granted = by("Service", FARGATE, "kms:CreateGrant")
    everyone = deny("kms:*", Principal="*", Sid="Perimeter")
    assert nearest(request(granted, everyone)) == (
        f"The policy of 'aws_kms_key.k' denies it to '{FARGATE}' in statement 'Perimeter'."
    )
    but_services = when("Bool", "aws:PrincipalIsAWSService", "false")
    assert said(request(granted, {**everyone, **but_services})) == "yes"
    perhaps = when("StringNotEquals", "aws:SourceVpce", "vpce-1")
    assert said(request(granted, {**everyone, **perhaps})) == "unknown"


def test_a_key_without_a_policy_has_one_that_names_the_account_alone() -> None:
    assert nearest(iam.service_may_use(FARGATE, "kms:CreateGrant", key(ABSENT))) == (
        "'aws_kms_key.k' has no policy, and by default the account alone may use it."
    )
    escapes = Unknown("output 'key' hands it to somebody out of sight")
    answer = iam.service_may_use(FARGATE, "kms:CreateGrant", key(ABSENT, escapes=escapes))
    assert answer == escapes


def test_a_policy_that_allows_nobody_says_so() -> None:
    denial = deny("kms:ScheduleKeyDeletion", Principal="*")
    assert nearest(iam.service_may_use(FARGATE, "kms:CreateGrant", key(document(denial)))) == (
        "The policy of 'aws_kms_key.k' allows 'kms:CreateGrant' to nobody."
    )
    assert (
        said(iam.service_may_use(FARGATE, "kms:CreateGrant", key(hole("var.policy")))) == "unknown"
    )
