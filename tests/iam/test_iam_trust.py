"""Who may assume a role (facts G)."""

from __future__ import annotations

from typing import Any

import pytest
from iam_toys import HERE, THERE, hole, nearest, role, said, stack, value

from ecs_preflight import iam
from ecs_preflight.model import Principal, Target
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.answers import YES, Answer, No
from ecs_preflight.symbolic.records import replace
from ecs_preflight.symbolic.values import Items, Known, Unknown, join

TASKS = "ecs-tasks.amazonaws.com"
TASK, EXECUTION = Principal.TASK, Principal.EXECUTION


def trusting(principal: Any, action: Any = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": action, **more}


def sourced(arn: Any, account: Any = THERE.account) -> dict[str, Any]:
    return {"ArnLike": {"aws:SourceArn": arn}, "StringEquals": {"aws:SourceAccount": account}}


def assumed(
    *statements: Any, use: Principal = TASK, target: Target = HERE, service: str = TASKS
) -> Answer:
    trust = {"Version": "2012-10-17", "Statement": list(statements)}
    return iam.assumable(stack(target=target), role(trust=trust, target=target), service, use)


@pytest.mark.parametrize(
    "statement",
    [
        trusting({"Service": TASKS}),
        trusting({"Service": [TASKS]}),
        trusting({"Service": ["ec2.amazonaws.com", TASKS]}),
        trusting({"Service": TASKS}, ["sts:AssumeRole", "sts:TagSession"]),
        trusting({"Service": TASKS}, "sts:*"),
        trusting({"Service": TASKS}, "*"),
        trusting({"Service": TASKS}, "STS:assumerole"),
        trusting({"Service": TASKS}, Sid=""),
        trusting("*"),
        trusting({"AWS": "*"}),
        trusting({"Service": "*"}),
        trusting({"AWS": "arn:aws:iam::1:root", "Service": TASKS}),
        trusting({"Service": join("ecs-tasks.", arns.DNS_SUFFIX)}),
        {
            "Effect": "Allow",
            "NotPrincipal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
        {"Effect": "Allow", "Principal": {"Service": TASKS}, "NotAction": "sts:TagSession"},
        # the documented form against the confused deputy (facts G7)
        trusting(
            {"Service": TASKS},
            Condition={
                "ArnLike": {
                    "aws:SourceArn": join("arn:aws:ecs:", arns.REGION, ":", arns.ACCOUNT, ":*")
                },
                "StringEquals": {"aws:SourceAccount": arns.ACCOUNT},
            },
        ),
        trusting(
            {"Service": TASKS}, Condition={"StringLike": {"aws:SourceArn": "arn:aws:ecs:*:*:*"}}
        ),
        trusting({"Service": TASKS}, Condition={"StringEqualsIfExists": {"sts:ExternalId": "x"}}),
    ],
)
def test_what_lets_tasks_assume(statement: dict[str, Any]) -> None:
    assert said(assumed(statement)) == "yes"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            trusting({"Service": "ec2.amazonaws.com"}),
            "Its trust policy names 'ec2.amazonaws.com' instead of 'ecs-tasks.amazonaws.com'.",
        ),
        (
            trusting({"Service": "ecs.amazonaws.com"}),
            "Its trust policy names 'ecs.amazonaws.com' instead of 'ecs-tasks.amazonaws.com'.",
        ),
        (
            trusting({"Service": "<http://ecs-tasks.amazonaws.com|ecs-tasks.amazonaws.com>"}),
            "Its trust policy names '<http://ecs-tasks.amazonaws.com|ecs-tasks.amazonaws.com>' instead of "
            "'ecs-tasks.amazonaws.com'.",
        ),
        (
            trusting({"Service": "ecs-tasks.amazonaws.com.cn"}),
            "Its trust policy names 'ecs-tasks.amazonaws.com.cn' "
            "instead of 'ecs-tasks.amazonaws.com'.",
        ),
        (
            trusting({"Service": join("ec2.", arns.DNS_SUFFIX)}),
            "Its trust policy names 'ec2.${dns_suffix}' instead of 'ecs-tasks.amazonaws.com'.",
        ),
        (
            trusting({"AWS": "arn:aws:iam::111122223333:root"}),
            "Its trust policy names "
            "'arn:aws:iam::111122223333:root' instead of 'ecs-tasks.amazonaws.com'.",
        ),
        (
            trusting({"Service": TASKS}, "sts:TagSession"),
            "Its trust policy names 'ecs-tasks.amazonaws.com', but for "
            "'sts:TagSession' instead of 'sts:AssumeRole'.",
        ),
        (
            {"Effect": "Allow", "NotPrincipal": {"Service": TASKS}, "Action": "sts:AssumeRole"},
            "Its trust policy leaves 'ecs-tasks.amazonaws.com' out by NotPrincipal.",
        ),
        (
            trusting({"Service": TASKS}, Condition={"StringEquals": {"sts:ExternalId": "x"}}),
            "Its trust policy names 'ecs-tasks.amazonaws.com' under a condition that cannot hold: 'sts:ExternalId' is not "
            "part of the request.",
        ),
        (
            trusting({"Service": TASKS}, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
            "Its trust policy names 'ecs-tasks.amazonaws.com' under a condition that cannot hold: 'aws:PrincipalOrgID' is "
            "not part of the request.",
        ),
    ],
)
def test_what_does_not(statement: dict[str, Any], reason: str) -> None:
    assert nearest(assumed(statement)) == reason


UNSUPPORTED = "ECS supports no source ARN that names '{}', end it with ':*'"
ELSEWHERE = "'aws:SourceArn' is 'arn:aws:ecs:eu-west-1:111122223333:...' in that request"


@pytest.mark.parametrize(
    ("operator", "key", "written", "reason"),
    [  # facts G8
        (
            "ArnLike",
            "aws:SourceArn",
            "arn:aws:ecs:eu-west-1:111122223333:cluster/app",
            UNSUPPORTED.format("cluster/app"),
        ),
        (
            "ArnLike",
            "aws:SourceArn",
            "arn:aws:ecs:*:*:service/app/*",
            UNSUPPORTED.format("service/app/*"),
        ),
        (
            "ArnEquals",
            "aws:SourceArn",
            ["arn:aws:ecs:*:*:task-definition/app:*"],
            UNSUPPORTED.format("task-definition/app:*"),
        ),
        (
            "StringEquals",
            "aws:SourceArn",
            "arn:aws:ecs:eu-west-1:111122223333:*",
            "'StringEquals' takes the '*' of 'arn:aws:ecs:eu-west-1:111122223333:*' literally, write 'ArnLike'",
        ),
        ("StringNotLike", "aws:SourceArn", "arn:aws:ecs:eu-west-1:111122223333:*", ELSEWHERE),
        ("ArnLike", "aws:SourceArn", "arn:aws:ecs:us-east-1:111122223333:*", ELSEWHERE),
        ("ArnLike", "aws:SourceArn", "arn:aws:ecs:eu-west-1:999999999999:*", ELSEWHERE),
        ("ArnLike", "aws:SourceArn", "arn:aws-cn:ecs:eu-west-1:111122223333:*", ELSEWHERE),
        (
            "StringEquals",
            "aws:SourceAccount",
            "999999999999",
            "'aws:SourceAccount' is '111122223333' in that request",
        ),
    ],
)
def test_source_conditions_that_cannot_hold(
    operator: str, key: str, written: Any, reason: str
) -> None:
    condition = {operator: {key: written}}
    statement = trusting({"Service": TASKS}, Condition=condition)
    answer = assumed(statement, target=THERE)
    assert "under a condition that cannot hold" in nearest(answer)
    assert isinstance(answer, No)
    assert answer.evidence[0].message.endswith(f"{reason}.")
    assert answer.evidence[0].span.line > 13
    # nor where ECS names no source for the execution role (facts P), but for what is negated
    expected = "unknown" if "Not" in operator else "no"
    assert said(assumed(statement, target=THERE, use=EXECUTION)) == expected


@pytest.mark.parametrize("use", [TASK, EXECUTION])
@pytest.mark.parametrize("account", [THERE.account, "111122223333", ["111122223333", "1"]])
@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:ecs:eu-west-1:111122223333:*",
        "arn:aws:ecs:*:111122223333:*",
        join("arn:", arns.PARTITION, ":ecs:eu-west-1:", THERE.account, ":*"),
    ],
)
def test_the_trust_that_aws_recommends_is_decided(arn: Any, account: Any, use: Principal) -> None:
    statement = trusting({"Service": TASKS}, Condition=sourced(arn, account))
    assert said(assumed(statement, target=THERE, use=use)) == "yes"


def test_a_source_that_names_tasks_may_be_right() -> None:
    named = sourced("arn:aws:ecs:*:111122223333:task/*")
    statement = trusting({"Service": TASKS}, Condition=named)
    assert said(assumed(statement, target=THERE)) == "unknown"


@pytest.mark.parametrize(
    ("service", "source", "expected"),
    [
        ("scheduler", "schedule-group/default", "unknown"),
        ("scheduler", "schedule-group/*", "yes"),
        ("scheduler", "schedule/default/nightly", "no"),
        ("events", "rule/*", "yes"),
        ("events", "rule/nightly", "unknown"),
        ("pipes", "pipe/*", "yes"),
        ("pipes", "rule/nightly", "no"),
        ("states", "*", "yes"),
    ],
)
def test_the_source_of_a_launchers_role(service: str, source: str, expected: str) -> None:
    arn = f"arn:aws:{service}:eu-west-1:111122223333:{source}"
    principal = f"{service}.amazonaws.com"
    statement = trusting({"Service": principal}, Condition=sourced(arn))
    found = assumed(statement, target=THERE, service=principal, use=Principal.INFRASTRUCTURE)
    assert said(found) == expected


def test_the_source_is_of_the_region_of_who_uses_the_role() -> None:
    statement = trusting(
        {"Service": TASKS}, Condition=sourced("arn:aws:ecs:us-east-1:111122223333:*")
    )
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    used = role(trust=trust, target=THERE)
    west = replace(THERE, region=Known("us-east-1"))
    answers = [iam.assumable(stack(target=THERE), used, TASKS, TASK, at) for at in (THERE, west)]
    assert [said(answer) for answer in answers] == ["no", "yes"]
    assert said(iam.everywhere(answers)) == "no"


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-1:999999999999:*"}},
        {"StringEquals": {"aws:SourceAccount": "999999999999"}},
        {"StringEquals": {"aws:SourceOrgID": "o-1"}},
    ],
)
def test_conditions_on_a_place_that_is_not_known_are_open(condition: dict[str, Any]) -> None:
    assert said(assumed(trusting({"Service": TASKS}, Condition=condition))) == "unknown"


def test_of_a_launchers_service_it_is_said_what_its_source_arn_is() -> None:
    answer = assumed(
        trusting(
            {"Service": "states.amazonaws.com"},
            Condition={
                "ArnLike": {"aws:SourceArn": "arn:aws:states:eu-west-1:111122223333:activity:app"}
            },
        ),
        target=THERE,
        service="states.amazonaws.com",
    )
    assert nearest(answer).endswith(
        "a condition that cannot hold: 'aws:SourceArn' is "
        "'arn:aws:states:eu-west-1:111122223333:stateMachine:${...}' in that request."
    )


def test_a_deny_decides() -> None:
    denial = {**trusting({"Service": TASKS}), "Effect": "Deny", "Sid": "Never"}
    assert nearest(assumed(trusting("*"), denial)) == (
        "Its trust policy denies it to 'ecs-tasks.amazonaws.com' in statement 'Never'."
    )
    maybe = {**denial, "Condition": {"StringEquals": {"aws:SourceOrgID": "o-1"}}}
    assert said(assumed(trusting({"Service": TASKS}), maybe)) == "unknown"
    other = {**denial, "Principal": {"Service": "ec2.amazonaws.com"}}
    assert said(assumed(trusting({"Service": TASKS}), other)) == "yes"


@pytest.mark.parametrize(
    "principal",
    [
        {"Service": hole("var.service")},
        hole("var.principal"),
        {"Service": Items((Known("ec2.amazonaws.com"),), hole("more"))},
        {"Service": join("ecs-tasks.", hole("suffix"))},
    ],
)
def test_a_principal_that_is_not_known_leaves_it_open(principal: Any) -> None:
    assert said(assumed(trusting(principal))) == "unknown"


def test_a_trust_policy_that_is_not_known_leaves_it_open() -> None:
    for trust in (hole("trust"), None, "not json"):
        answer = iam.assumable(stack(), role(trust=trust), TASKS, TASK)
        assert isinstance(answer, Unknown)
    assert said(assumed(hole("statement"))) == "unknown"
    assert said(assumed(hole("statement"), trusting({"Service": TASKS}))) == "yes"


def test_an_empty_trust_policy_says_so() -> None:
    assert nearest(assumed()) == "Its trust policy allows 'sts:AssumeRole' to nobody."


def test_the_place_is_the_principal_s_own() -> None:
    answer = assumed(trusting({"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}))
    assert isinstance(answer, No)
    assert [evidence.span.line for evidence in answer.evidence] == [13, 14]


def test_other_services_assume_their_helpers() -> None:
    statement = trusting({"Service": "events.amazonaws.com"})
    assert said(assumed(statement, service="events.amazonaws.com", use=Principal.LAUNCHER)) == "yes"
    conditioned = {
        **statement,
        "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
    }
    assert (
        said(assumed(conditioned, service="events.amazonaws.com", use=Principal.LAUNCHER))
        == "unknown"
    )


def test_service_principals_are_listed_as_written() -> None:
    trust = value(
        {
            "Statement": [
                trusting({"Service": ["a.amazonaws.com", "b"]}),
                trusting({"AWS": "c"}),
                {**trusting({"Service": "d"}), "Effect": "Deny"},
            ]
        }
    )
    assert [item.value for item in iam.service_principals(trust) if isinstance(item, Known)] == [
        "a.amazonaws.com",
        "b",
    ]


@pytest.mark.parametrize(
    ("service", "condition", "verdict"),
    [
        ("states", sourced(arns.arn(THERE, "states", "stateMachine:*")), "Yes"),
        ("states", sourced(arns.arn(THERE, "states", "stateMachine:nightly")), "Unknown"),
        ("states", sourced(arns.arn(THERE, "states", "stateMachine:*"), "999999999999"), "No"),
        ("scheduler", sourced(arns.arn(THERE, "scheduler", "*")), "Yes"),
        ("scheduler", sourced(arns.arn(THERE, "scheduler", "schedule-group/default")), "Unknown"),
        ("events", sourced(arns.arn(THERE, "events", "rule/*"), "999999999999"), "No"),
        ("pipes", sourced(arns.arn(THERE, "pipes", "*")), "Yes"),
    ],
)
def test_what_starts_tasks_does_so_for_a_resource_of_the_same_account(
    service: str, condition: dict[str, Any], verdict: str
) -> None:
    principal = f"{service}.amazonaws.com"
    answer = assumed(
        trusting({"Service": principal}, Condition=condition),
        service=principal,
        target=THERE,
        use=Principal.INFRASTRUCTURE,
    )
    assert type(answer).__name__ == verdict


def test_of_roles_with_one_trust_policy_each_is_told_why_it_cannot_be_assumed() -> None:
    shared = value(
        {"Version": "2012-10-17", "Statement": [trusting({"Service": "ec2.amazonaws.com"})]}
    )
    first, second = (
        replace(role(), address=f"aws_iam_role.{name}", trust=shared) for name in ("a", "b")
    )
    both = stack(first, second)
    for each in (first, second, first):
        answer = iam.assumable(both, each, TASKS, TASK)
        assert isinstance(answer, No)
        assert {evidence.address for evidence in answer.evidence} == {each.address}


def test_of_roles_with_one_trust_policy_the_yes_is_said_once() -> None:
    shared = value({"Version": "2012-10-17", "Statement": [trusting({"Service": TASKS})]})
    first, second = (
        replace(role(), address=f"aws_iam_role.{name}", trust=shared) for name in ("a", "b")
    )
    both = stack(first, second)
    answers = [iam.assumable(both, each, TASKS, TASK) for each in (first, second)]
    assert answers == [YES, YES]
