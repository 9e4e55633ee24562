"""What a resource's policy lets a service, a role, or a client without an identity do (facts D2,
D11, G2)."""

from __future__ import annotations

from typing import Any

import pytest
from iam_toys import HERE, THERE, allow, ask, deny, document, hole, nearest, role, said, stack

from ecs_preflight import iam
from ecs_preflight.model import FileSystem, Key, Principal, Repository
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.answers import Answer
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.values import ABSENT, Known, Text, Unknown, Value, join

STACK = stack()
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
    return may_use(key(policy), {CLUSTER: Known("app")})


def may_use(owned: Key, context: Any = None) -> Answer:
    return iam.resource_allows(
        STACK, owned, iam.ServiceCaller(Known(FARGATE)), "kms:CreateGrant", context
    )


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
    assert nearest(may_use(key(ABSENT))) == (
        "'aws_kms_key.k' has no policy, and by default the account alone may use it."
    )
    escapes = Unknown("output 'key' hands it to somebody out of sight")
    answer = may_use(key(ABSENT, escapes=escapes))
    assert answer == escapes


def test_a_policy_that_allows_nobody_says_so() -> None:
    denial = deny("kms:ScheduleKeyDeletion", Principal="*")
    assert nearest(may_use(key(document(denial)))) == (
        "The policy of 'aws_kms_key.k' allows 'kms:CreateGrant' to nobody."
    )
    assert said(may_use(key(hole("var.policy")))) == "unknown"


# -- other services, other resources, other callers ------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (join("logs.", arns.REGION, ".amazonaws.com"), "yes"),
        ("logs.eu-west-1.amazonaws.com", "unknown"),
        ("logs.amazonaws.com", "no"),
        ("fargate.amazonaws.com", "no"),
    ],
)
def test_a_service_may_have_a_region_in_its_name(name: Any, expected: str) -> None:
    caller = iam.ServiceCaller(join("logs.", arns.REGION, ".amazonaws.com"))
    policy = document(
        by("AWS", ROOT, "kms:*"), by("Service", name, ["kms:Encrypt*", "kms:Decrypt*"])
    )
    assert said(iam.resource_allows(STACK, key(policy), caller, "kms:Decrypt")) == expected


def file_system(policy: Value) -> FileSystem:
    identifier = arns.hole("aws_efs_file_system.data", "id", unique=True)
    return FileSystem(
        address="aws_efs_file_system.data",
        type="aws_efs_file_system",
        span=Span("main.tf", 1, 1, 4, 2),
        name=identifier,
        arn=arns.file_system(HERE, identifier),
        policy=policy,
    )


MOUNT = "elasticfilesystem:ClientMount"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (ABSENT, "yes"),
        (document(by("AWS", "*", "elasticfilesystem:Client*")), "yes"),
        (document(allow(MOUNT, Principal="*")), "yes"),
        (document(by("AWS", ROOT, MOUNT)), "no"),
        (document(by("AWS", arns.role(HERE, ABSENT, Known("app")), MOUNT)), "no"),
        (document(by("AWS", "*", MOUNT), deny("*", Principal={"AWS": "*"})), "no"),
        (document(by("AWS", "*", MOUNT), deny(MOUNT, NotPrincipal={"AWS": ROOT})), "no"),
        (document(by("AWS", "*", MOUNT, **when("Null", "aws:PrincipalArn", "false"))), "no"),
        (document(by("AWS", "*", MOUNT, **when("Bool", "aws:SecureTransport", "true"))), "unknown"),
        (hole("var.policy"), "unknown"),
    ],
)
def test_a_client_without_an_identity_is_only_everyone(policy: Value, expected: str) -> None:
    answer = iam.resource_allows(STACK, file_system(policy), iam.AnonymousCaller(), MOUNT)
    assert said(answer) == expected


def test_what_the_client_is_known_to_bring_decides() -> None:
    policy = document(by("AWS", "*", MOUNT, **when("Bool", "aws:SecureTransport", "true")))
    context = {"aws:SecureTransport": Known("false")}
    caller = iam.AnonymousCaller()
    answer = iam.resource_allows(STACK, file_system(policy), caller, MOUNT, context)
    assert nearest(answer) == (
        "The policy of 'aws_efs_file_system.data' names 'a client without an identity' under a "
        "condition that cannot hold: 'aws:SecureTransport' is 'false' in that request."
    )


def test_a_role_is_meant_by_its_arn_and_not_by_its_account() -> None:
    there = stack(target=THERE)
    caller = iam.RoleCaller(role(target=THERE), Principal.EXECUTION)

    def may_pull(principal: str) -> Answer:
        images = Repository(
            address="aws_ecr_repository.app",
            type="aws_ecr_repository",
            span=Span("main.tf", 1, 1, 4, 2),
            name=Known("app"),
            arn=arns.repository(THERE, Known("app")),
            policy=document({**by("AWS", principal, "ecr:BatchGetImage"), "Resource": None}),
        )
        return iam.resource_allows(there, images, caller, "ecr:BatchGetImage")

    assert said(may_pull("arn:aws:iam::111122223333:role/exec")) == "yes"
    assert said(may_pull("arn:aws:iam::111122223333:root")) == "no"
    assert said(may_pull("arn:aws:iam::444455556666:role/exec")) == "no"


GRANTEE = join("arn:aws:iam::", arns.ACCOUNT, ":role/exec")


@pytest.mark.parametrize(
    ("policy", "grants", "expected"),
    [
        pytest.param(ABSENT, [by("AWS", GRANTEE, "kms:Decrypt")], "yes", id="the-default-policy"),
        pytest.param(
            document(by("AWS", "arn:aws:iam::111122223333:role/other", "kms:*")),
            [by("AWS", GRANTEE, "kms:Decrypt")],
            "yes",
            id="a-policy-that-names-others",
        ),
        pytest.param(
            document(by("AWS", ROOT, "kms:*"), {**by("AWS", "*", "kms:Decrypt"), "Effect": "Deny"}),
            [by("AWS", GRANTEE, "kms:Decrypt")],
            "no",
            id="a-policy-that-denies",
        ),
        pytest.param(ABSENT, [by("AWS", GRANTEE, "kms:Encrypt")], "no", id="another-operation"),
        pytest.param(ABSENT, [by("AWS", hole(), "kms:Decrypt")], "unknown", id="to-somebody"),
        pytest.param(ABSENT, [], "no", id="none"),
    ],
)
def test_a_grant_of_a_key_is_enough(policy: Value, grants: list[Any], expected: str) -> None:
    owned = key(policy, grants=tuple(document(each) for each in grants))
    assert said(ask(role(), "kms:Decrypt", owned.arn, others=(owned,))) == expected


def test_a_grant_may_be_a_service_s() -> None:
    granted = document(by("Service", FARGATE, "kms:CreateGrant"))
    assert said(may_use(key(document(by("AWS", ROOT, "kms:*")), grants=(granted,)))) == "yes"
    assert said(may_use(key(ABSENT, grants=(granted,)))) == "yes"
