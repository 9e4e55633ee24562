"""The generated data: AWS managed policies, and actions with their resources."""

from __future__ import annotations

import pytest
from iam_toys import hole

from ecs_preflight import iam
from ecs_preflight.iam import actions, managed
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.values import ABSENT, Entries, Known, Unknown, Value, join

EXECUTION = "service-role/AmazonECSTaskExecutionRolePolicy"


def arn(name: str, partition: str = "aws") -> Value:
    return Known(f"arn:{partition}:iam::aws:policy/{name}")


def test_every_policy_can_be_read() -> None:
    names = [line.split("\t")[0] for line in managed._lines()[1:]]
    assert len(names) > 1_500
    assert len(set(names)) == len(names)
    for name in names:
        policy = managed.find(arn(name))
        assert policy is not None
        assert policy.arn() == f"arn:aws:iam::aws:policy/{name}"
        read = iam.statements(policy.document())
        assert read.remainder is None, name
        assert read.statements, name
        assert all(statement.unread is None for statement in read.statements), name


def test_the_execution_policy_is_the_one_that_everybody_knows() -> None:
    policy = managed.find(arn(EXECUTION))
    assert policy is not None
    assert (policy.version, policy.updated) == ("v1", "2017-11-16")
    [statement] = iam.statements(policy.document()).statements
    assert {item.value for item in statement.actions or () if isinstance(item, Known)} == {
        "ecr:GetAuthorizationToken",
        "ecr:BatchCheckLayerAvailability",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchGetImage",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    }
    assert managed.as_of() >= "2026-09-30"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (arn(EXECUTION), True),
        (arn(EXECUTION, "aws-cn"), True),
        (join("arn:", arns.PARTITION, f":iam::aws:policy/{EXECUTION}"), True),
        (arn("AmazonECSTaskExecutionRolePolicy"), False),
        (arn("NoSuchPolicy"), False),
        (hole("arn"), False),
        (Known("arn:aws:iam::111122223333:policy/AdministratorAccess"), False),
        (ABSENT, False),
        (Known(7), False),
        (join("arn:aws:iam::aws:policy/", hole("name")), False),
    ],
)
def test_policies_are_found_by_their_whole_arn(written: Value, found: bool) -> None:
    assert (managed.find(written) is not None) is found


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("AmazonECSTaskExecutionRolePolicy", EXECUTION),
        ("service-role/AdministratorAccess", "AdministratorAccess"),
        ("service-role/AmazonECSTASKExecutionRolePolicy", EXECUTION),
        (EXECUTION, None),
        ("NoSuchPolicy", None),
    ],
)
def test_a_known_name_under_a_wrong_path(name: str, right: str | None) -> None:
    found = managed.misplaced(arn(name))
    assert (found.name if found else None) == right


def test_withdrawn_and_service_linked_policies() -> None:
    found = managed.successor(arn("AmazonEC2ContainerServiceFullAccess"))
    assert found is not None
    assert found.name == "AmazonECS_FullAccess"
    assert managed.successor(arn(EXECUTION)) is None
    assert managed.find(arn("aws-service-role/AmazonECSServiceRolePolicy")) is not None


def test_the_content_names_the_partition_asked_for() -> None:
    content = managed.document(arn("AmazonECS_FullAccess", "aws-cn"))
    assert isinstance(content, Entries)
    assert "arn:aws:" not in repr(content)
    assert "arn:aws-cn:iam::*:role/ecsInstanceRole*" in repr(content)
    assert isinstance(managed.document(arn("NoSuchPolicy")), Unknown)


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("logs:CreateLogStreams", "logs:CreateLogStream"),
        ("ssm:GetParamters", "ssm:GetParameters"),
        ("SSM:getparamters", "ssm:GetParameters"),
        ("ecr:Xyzzy", None),
        ("scheduler:TagSchedule", None),
        ("s3:GetObjcts", "s3:GetObject"),
        ("ecr:DescribeRepositoryPolicy", "ecr:DescribeRepositories"),  # never Delete...
    ],
)
def test_actions_that_do_not_exist(written: str, nearest: str | None) -> None:
    assert actions.unknown_action(written) == actions.Unlisted(written, nearest)


@pytest.mark.parametrize(
    ("written", "action"),
    [
        ("sqs:DeleteMessageBatch", "sqs:DeleteMessage"),
        ("s3:ListObjects", "s3:ListBucket"),
        ("s3:HeadObject", "s3:GetObject"),
    ],
)
def test_calls_that_are_allowed_by_an_action_of_another_name(written: str, action: str) -> None:
    assert actions.unknown_action(written) == actions.Unlisted(written, action, is_call=True)


def test_a_call_that_several_actions_allow() -> None:
    found = actions.unknown_action("S3:copyobject")
    assert found is not None and found.is_call
    assert found.allowing == ("s3:GetObject", "s3:PutObject")


@pytest.mark.parametrize("call", sorted(actions._CALLS))
def test_such_calls_are_no_actions_and_what_allows_them_is_one(call: str) -> None:
    assert actions.takes_resource(call) is None
    for allowing in actions._CALLS[call]:
        assert actions.matching(allowing) == (allowing,)
        assert actions.takes_resource(allowing) is not None


@pytest.mark.parametrize(
    "written",
    [
        "logs:CreateLogStream",
        "LOGS:createlogstream",
        "ssm:Get*",
        "ssm:GetParamter?",
        "nosuchservice:Do",
        "*",
        "logs",
    ],
)
def test_actions_that_may_exist(written: str) -> None:
    assert actions.unknown_action(written) is None


@pytest.mark.parametrize(
    ("action", "takes"),
    [  # facts J1
        *[
            (name, False)
            for name in (
                "ecr:GetAuthorizationToken",
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
                "logs:DescribeLogGroups",
                "xray:PutTraceSegments",
                "xray:PutTelemetryRecords",
                "fsx:DescribeFileSystems",
                "ecs:DiscoverPollEndpoint",
                "secretsmanager:BatchGetSecretValue",
                "sts:GetServiceBearerToken",
                "ecr-public:GetAuthorizationToken",
                "guardduty:SendSecurityTelemetry",
            )
        ],
        *[
            (name, True)
            for name in (
                "ecr:BatchGetImage",
                "logs:PutLogEvents",
                "secretsmanager:GetSecretValue",
                "ssm:GetParameters",
                "kms:Decrypt",
                "s3:GetObject",
                "ecs:RunTask",
                "iam:PassRole",
                "s3files:ClientMount",
                "elasticfilesystem:ClientMount",
            )
        ],
        ("nosuchservice:Do", None),
        ("ecr:Nothing", None),
    ],
)
def test_which_actions_can_be_limited_to_resources(action: str, takes: bool | None) -> None:
    assert actions.takes_resource(action) is takes


def test_spelling_and_wildcards() -> None:
    assert actions.matching("ECR:batchgetimage") == ("ecr:BatchGetImage",)
    assert not actions.matching("nosuchservice:Do")
    assert set(actions.matching("ssmmessages:*") or ()) == {
        f"ssmmessages:{verb}{kind}Channel"
        for verb in ("Create", "Open")
        for kind in ("Control", "Data")
    }
    assert actions.matching("nosuchservice:*") is None
    assert actions.matching("ecr:GetAuthorizationToken") == ("ecr:GetAuthorizationToken",)
