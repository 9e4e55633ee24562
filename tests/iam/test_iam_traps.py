"""The traps of IAM that ECS users fall into, each with the reason that the answer gives."""

from __future__ import annotations

from typing import Any

import pytest
from iam_toys import (
    HERE,
    POLICY,
    THERE,
    allow,
    ask,
    aws,
    deny,
    document,
    hole,
    inline,
    nearest,
    role,
    said,
)

from ecs_preflight.iam import misses
from ecs_preflight.model import Principal
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.answers import No, Yes
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import ABSENT, Known, Reference, Unknown, Value, Why, join

GROUP = Reference("aws_cloudwatch_log_group.app", "arn", arns.log_group(HERE, Known("/ecs/app")))
STREAM = arns.log_stream(HERE, Known("/ecs/app"), hole("stream"))
SECRET = arns.secret(HERE, Known("app/db"), "aws_secretsmanager_secret.db")
PARAMETER = arns.parameter(HERE, Known("/app/db"))
KEY = arns.key(HERE, hole("aws_kms_key.app.key_id"))
BUCKET = arns.bucket(HERE, Known("env-files"))
OBJECT = join(BUCKET, "/app.env")
PLACED = arns.secret(THERE, Known("app"), "s")
EXECUTION, TASK, LAUNCHER = Principal.EXECUTION, Principal.TASK, Principal.LAUNCHER


@pytest.mark.parametrize(
    ("fact", "statement", "action", "resource", "reason"),
    [
        (
            "B5",
            allow("logs:*", GROUP),
            "logs:PutLogEvents",
            STREAM,
            "Statement 1 of inline policy 'app' allows 'logs:PutLogEvents' on the log group's ARN, but not on its "
            "streams: append ':*'.",
        ),
        (
            "B5",
            allow(
                "logs:PutLogEvents",
                "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/app",
                Sid="Logs",
            ),
            "logs:PutLogEvents",
            STREAM,
            "Statement 'Logs' of inline policy 'app' allows 'logs:PutLogEvents' on the log group's ARN, but not on "
            "its streams: append ':*'.",
        ),
        (
            "C4",
            allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:app/db"),
            "secretsmanager:GetSecretValue",
            SECRET,
            "on the secret's ARN without the six characters that Secrets Manager appends: append '-??????'.",
        ),
        (
            "C4",
            allow("secretsmanager:GetSecretValue", join(SECRET, ":password::")),
            "secretsmanager:GetSecretValue",
            SECRET,
            "on the secret with ':password::', which is no part of its ARN: leave that out.",
        ),
        (
            "C4",
            allow(
                "secretsmanager:GetSecretValue",
                "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-AbCdEf:password::",
            ),
            "secretsmanager:GetSecretValue",
            Known("arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-AbCdEf"),
            "on the secret with ':password::', which is no part of its ARN: leave that out.",
        ),
        (
            "C6",
            allow("ssm:GetParameters", "arn:aws:ssm:*:*:parameter//app/db"),
            "ssm:GetParameters",
            PARAMETER,
            "on 'parameter//...', but a parameter's own leading slash is the one after 'parameter': write one "
            "slash.",
        ),
        (
            "C6",
            allow("ssm:GetParameter"),
            "ssm:GetParameters",
            PARAMETER,
            "allows 'ssm:GetParameter', but what is called is 'ssm:GetParameters'.",
        ),
        (
            "C8",
            allow("kms:Decrypt", "arn:aws:kms:*:*:alias/app"),
            "kms:Decrypt",
            KEY,
            "on the alias 'arn:aws:kms:*:*:alias/app', but a policy must name the key's own ARN.",
        ),
        (
            "C8",
            allow("kms:Decrypt", "alias/app"),
            "kms:Decrypt",
            KEY,
            "on the alias 'alias/app', but a policy must name the key's own ARN.",
        ),
        (
            "C8",
            allow("kms:Decrypt", "1234abcd-12ab-34cd-56ef-1234567890ab"),
            "kms:Decrypt",
            KEY,
            "but a policy must name the key's ARN, not its id.",
        ),
        (
            "#17",
            allow("kms:Decrypt", SECRET),
            "kms:Decrypt",
            KEY,
            "but it is checked on a resource of 'kms'.",
        ),
        (
            "J1",
            allow("ecr:*", "arn:aws:ecr:*:*:repository/app"),
            "ecr:GetAuthorizationToken",
            Known("*"),
            "allows 'ecr:GetAuthorizationToken' on 'arn:aws:ecr:*:*:repository/app', but it cannot be limited to "
            "resources: it needs '*'.",
        ),
        (
            "J1",
            allow("ssmmessages:*", "arn:aws:ecs:*:*:task/*"),
            "ssmmessages:OpenDataChannel",
            Known("*"),
            "it cannot be limited to resources: it needs '*'.",
        ),
        (
            "J5",
            allow("s3:GetObject", BUCKET),
            "s3:GetObject",
            OBJECT,
            "on the bucket, but it is checked on the bucket's objects: append '/*'.",
        ),
        (
            "J5",
            allow("s3:GetBucketLocation", join(BUCKET, "/*")),
            "s3:GetBucketLocation",
            BUCKET,
            "on the bucket's objects, but it is checked on the bucket itself: name it without '/*'.",
        ),
        (
            "J6",
            allow(
                "secretsmanager:GetSecretValue",
                "arn:aws:secretsmanager:us-east-1:111122223333:secret:app-*",
            ),
            "secretsmanager:GetSecretValue",
            PLACED,
            "in Region 'us-east-1', but the resource is in 'eu-west-1'.",
        ),
        (
            "J6",
            allow(
                "secretsmanager:GetSecretValue",
                "arn:aws:secretsmanager:eu-west-1:999999999999:secret:app-*",
            ),
            "secretsmanager:GetSecretValue",
            PLACED,
            "in account '999999999999', but the resource is in '111122223333'.",
        ),
        (
            "J6",
            allow("secretsmanager:GetSecretValue", "arn:aws-cn:secretsmanager:*:*:secret:app-*"),
            "secretsmanager:GetSecretValue",
            PLACED,
            "in partition 'aws-cn', but the resource is in 'aws'.",
        ),
        (
            "J6",
            allow("ssm:GetParameters", "arn:aws:ssm:::parameter/app"),
            "ssm:GetParameters",
            arns.parameter(THERE, Known("app")),
            "on an ARN without Region and account, which matches nothing.",
        ),
        (
            "H6",
            allow("ecs:RunTask", "arn:aws:ecs:*:*:task-definition/app"),
            "ecs:RunTask",
            arns.task_definition(HERE, Known("app"), hole("r")),
            "on the family, but it is checked on its revisions: append ':*'.",
        ),
        (
            "J4",
            allow("logs:PutLogEvent"),
            "logs:PutLogEvents",
            STREAM,
            "allows 'logs:PutLogEvent', which does not exist: write 'logs:PutLogEvents'.",
        ),
        (
            "A1",
            allow("ecr-public:GetAuthorizationToken"),
            "ecr:GetAuthorizationToken",
            Known("*"),
            "allows 'ecr-public:GetAuthorizationToken', but what is called is 'ecr:GetAuthorizationToken'.",
        ),
        (
            "scope",
            allow(
                "secretsmanager:GetSecretValue",
                [
                    "arn:aws:secretsmanager:*:*:secret:web-*",
                    "arn:aws:secretsmanager:*:*:secret:api-*",
                ],
            ),
            "secretsmanager:GetSecretValue",
            SECRET,
            "only on 'arn:aws:secretsmanager:*:*:secret:web-*', 'arn:aws:secretsmanager:*:*:secret:api-*'.",
        ),
        (
            "one statement for two services",
            allow(
                ["secretsmanager:GetSecretValue", "ssm:GetParameters"],
                ["arn:aws:ssm:*:*:parameter/app/*", "arn:aws:secretsmanager:*:*:secret:web-*"],
            ),
            "secretsmanager:GetSecretValue",
            SECRET,
            "only on 'arn:aws:secretsmanager:*:*:secret:web-*'.",
        ),
        (
            "condition",
            allow("ssm:GetParameters", Condition={"StringEquals": {"aws:SourceAccount": "1"}}),
            "ssm:GetParameters",
            PARAMETER,
            "under a condition that cannot hold: 'aws:SourceAccount' is not part of the request.",
        ),
        (
            "#17",
            allow(
                "secretsmanager:GetSecretValue",
                Condition={"StringEquals": {"secretsmanager:VersionStage": "AWSCURRENT"}},
            ),
            "secretsmanager:GetSecretValue",
            SECRET,
            "'secretsmanager:VersionStage' is not part of the request.",
        ),
        (
            "NotAction",
            {"Effect": "Allow", "NotAction": ["iam:*", "secretsmanager:*"], "Resource": "*"},
            "secretsmanager:GetSecretValue",
            SECRET,
            "leaves 'secretsmanager:GetSecretValue' out by NotAction.",
        ),
        (
            "NotResource",
            {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:secretsmanager:*"},
            "secretsmanager:GetSecretValue",
            SECRET,
            "leaves the resource out by NotResource.",
        ),
    ],
)
def test_a_near_miss_gives_the_one_reason(
    fact: str, statement: Any, action: str, resource: Value, reason: str
) -> None:
    answer = ask(role(inline(statement)), action, resource)
    assert nearest(answer).endswith(reason), nearest(answer)
    assert nearest(answer).startswith("Statement ")


def test_each_miss_points_at_its_own_value() -> None:
    answer = ask(
        role(inline(allow(["ssm:DescribeParameters", "ssm:GetParameter"]))),
        "ssm:GetParameters",
        PARAMETER,
    )
    assert isinstance(answer, No)
    assert answer.evidence[0].span.line == 14
    assert answer.evidence[0].address == "aws_iam_role_policy.app"


def test_what_stands_in_an_aws_managed_policy_points_at_its_attachment() -> None:
    answer = ask(
        role(aws("AmazonSSMReadOnlyAccess"), aws("AmazonECSInstanceRolePolicyForManagedInstances")),
        "ssm:GetParameters",
        PARAMETER,
    )
    assert isinstance(answer, Yes)
    assert answer.evidence[0].span == POLICY
    assert answer.evidence[0].message == (
        "Statement 1 of AWS managed policy 'AmazonSSMReadOnlyAccess' allows 'ssm:GetParameters'."
    )


def test_the_specific_reason_comes_before_the_vague_one() -> None:
    answer = ask(
        role(
            inline(
                allow("logs:PutLogEvents", "arn:aws:logs:*:*:log-group:/other:*"),
                allow("logs:PutLogEvents", GROUP),
            )
        ),
        "logs:PutLogEvents",
        STREAM,
    )
    assert nearest(answer).endswith("append ':*'.")
    assert isinstance(answer, No)
    assert len(answer.evidence) == 2


def test_an_explicit_deny_is_the_only_reason() -> None:
    answer = ask(
        role(inline(allow("*"), deny("logs:PutLogEvents", Sid="NoLogs"))),
        "logs:PutLogEvents",
        STREAM,
    )
    assert (
        nearest(answer) == "Statement 'NoLogs' of inline policy 'app' denies 'logs:PutLogEvents'."
    )


def test_a_boundary_is_named_with_what_in_it_comes_near() -> None:
    bounded = role(inline(allow("*")), boundary=inline(allow("logs:*", GROUP), name="limit"))
    answer = ask(bounded, "logs:PutLogEvents", STREAM)
    assert nearest(answer) == (
        "The permissions boundary of 'aws_iam_role.exec' does not allow 'logs:PutLogEvents' on it."
    )
    assert isinstance(answer, No)
    assert answer.evidence[1].message.endswith("append ':*'.")


def test_a_session_policy_only_takes_away() -> None:
    request = role(inline(allow("s3:*")))
    assert said(ask(request, "s3:GetObject", OBJECT, session=document(allow("s3:Get*")))) == "yes"
    answer = ask(request, "s3:GetObject", OBJECT, session=document(allow("s3:Put*")))
    assert nearest(answer).startswith("The session policy of")
    assert said(ask(role(), "s3:GetObject", OBJECT, session=document(allow("*")))) == "no"


@pytest.mark.parametrize(
    "pattern",
    [
        arns.log_group(HERE, Known("/ecs/app")),
        join(arns.log_group(HERE, Known("/ecs/app")), ":*"),
        Known("arn:aws:logs:*:*:log-group:/ecs/*"),
        Known("arn:aws:logs:*:*:*"),
    ],
)
@pytest.mark.parametrize(
    "action", ["logs:CreateLogGroup", "logs:DescribeLogStreams", "logs:PutRetentionPolicy"]
)
def test_j3_the_log_group_may_be_named_either_way(action: str, pattern: Value) -> None:
    request = role(inline(allow(action, pattern)))
    for resource in (GROUP, join(GROUP, ":*")):
        assert said(ask(request, action, resource)) == "yes"


def test_j3_a_deny_by_one_of_the_names_is_not_certain() -> None:
    request = role(inline(allow("*"), deny("logs:CreateLogGroup", GROUP)))
    assert said(ask(request, "logs:CreateLogGroup", GROUP)) == "unknown"
    both = role(inline(allow("*"), deny("logs:CreateLogGroup", [GROUP, join(GROUP, ":*")])))
    assert said(ask(both, "logs:CreateLogGroup", GROUP)) == "no"


@pytest.mark.parametrize(
    ("condition", "principal", "expected"),
    [
        # facts G9: no source in the calls that a container or the agent makes itself
        ({"ArnLike": {"aws:SourceArn": "arn:aws:ecs:*:*:*"}}, TASK, "no"),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:ecs:*:*:*"}}, EXECUTION, "no"),
        ({"ArnLikeIfExists": {"aws:SourceArn": "arn:aws:ecs:*:*:*"}}, TASK, "yes"),
        ({"StringNotEquals": {"aws:SourceAccount": "1"}}, TASK, "yes"),
        # tags are not known (facts N10)
        ({"StringEquals": {"ssm:ResourceTag/copilot-application": "app"}}, EXECUTION, "unknown"),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, EXECUTION, "unknown"),
        ({"Bool": {"aws:SecureTransport": "true"}}, EXECUTION, "yes"),
        ({"StringEquals": {"secretsmanager:VersionStage": "AWSCURRENT"}}, EXECUTION, "no"),
    ],
)
def test_conditions_of_permission_policies(
    condition: Any, principal: Principal, expected: str
) -> None:
    action, resource = "ssm:GetParameters", PARAMETER
    request = role(inline(allow(action, Condition=condition)))
    assert said(ask(request, action, resource, principal)) == expected


def test_a9_the_registry_login_of_an_old_platform_carries_no_vpc_key() -> None:
    request = role(
        inline(
            allow(
                "ecr:GetAuthorizationToken",
                Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}},
            )
        )
    )
    assert said(ask(request, "ecr:GetAuthorizationToken")) == "unknown"
    answer = ask(request, "ecr:GetAuthorizationToken", context={"aws:SourceVpce": ABSENT})
    assert nearest(answer).endswith("'aws:SourceVpce' is not part of the request.")


def test_a_caller_who_knows_more_says_so() -> None:
    staged = role(
        inline(
            allow(
                "secretsmanager:GetSecretValue",
                Condition={"StringEquals": {"secretsmanager:VersionStage": "AWSCURRENT"}},
            )
        )
    )
    assert (
        said(
            ask(
                staged,
                "secretsmanager:GetSecretValue",
                SECRET,
                context={"secretsmanager:VersionStage": Known("AWSCURRENT")},
            )
        )
        == "yes"
    )
    passing = role(
        inline(
            allow(
                "iam:PassRole",
                Condition={"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}},
            )
        )
    )
    target = arns.role(HERE, ABSENT, Known("task"))
    assert said(ask(passing, "iam:PassRole", target, LAUNCHER)) == "no"
    assert (
        said(
            ask(
                passing,
                "iam:PassRole",
                target,
                LAUNCHER,
                context={"iam:PassedToService": Known("ecs.amazonaws.com")},
            )
        )
        == "yes"
    )


def test_kms_by_way_of_the_secret_s_service() -> None:
    request = role(
        inline(
            allow(
                "kms:Decrypt",
                Condition={
                    "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}
                },
            )
        ),
        target=THERE,
    )
    key = arns.key(THERE, hole("k"))
    assert said(ask(request, "kms:Decrypt", key, target=THERE)) == "unknown"
    via = {"kms:ViaService": Known("secretsmanager.eu-west-1.amazonaws.com")}
    assert said(ask(request, "kms:Decrypt", key, target=THERE, context=via)) == "yes"
    elsewhere = role(
        inline(
            allow(
                "kms:Decrypt",
                Condition={
                    "StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}
                },
            )
        ),
        target=THERE,
    )
    assert said(ask(elsewhere, "kms:Decrypt", key, target=THERE)) == "no"


def test_an_unknown_resource_is_no_star() -> None:
    """``*`` for an action that has resource types is some resource, not the character."""
    scoped = role(inline(allow("s3:GetBucketLocation", BUCKET)))
    assert said(ask(scoped, "s3:GetBucketLocation", "*")) == "unknown"
    assert said(ask(role(inline(allow("s3:*"))), "s3:GetBucketLocation", "*")) == "yes"
    assert said(ask(role(), "s3:GetBucketLocation", "*")) == "no"


def test_gaps_turn_no_into_unknown_but_not_yes_nor_a_denial() -> None:
    gap = Unknown("policy 'extra' could not be read", Name("gap"))
    assert said(ask(role(gaps=(gap,)), "logs:PutLogEvents", STREAM)) == "unknown"
    assert (
        said(ask(role(inline(allow("logs:*")), gaps=(gap,)), "logs:PutLogEvents", STREAM)) == "yes"
    )
    assert said(ask(role(inline(deny("logs:*")), gaps=(gap,)), "logs:PutLogEvents", STREAM)) == "no"
    bounded = role(inline(allow("*")), gaps=(gap,), boundary=inline(allow("s3:*")))
    assert said(ask(bounded, "logs:PutLogEvents", STREAM)) == "no"


def test_a_policy_that_may_not_be_attached_is_a_condition() -> None:
    maybe = Unknown("count is not known", Name("c"))
    request = role(inline(allow("logs:*"), conditional=maybe))
    answer = ask(request, "logs:PutLogEvents", STREAM)
    assert isinstance(answer, Unknown)
    assert answer.why is Why.GRANT
    assert (
        said(ask(role(inline(allow("s3:*"), conditional=maybe)), "logs:PutLogEvents", STREAM))
        == "no"
    )


def test_of_a_long_list_the_first_patterns_alone_are_explained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Value] = []
    read = "secretsmanager:GetSecretValue"
    monkeypatch.setattr(
        misses.scopes, "explain", lambda action, pattern, resource: asked.append(pattern)
    )
    names = [arns.secret(HERE, Known(f"other/{number}"), f"s{number}") for number in range(800)]
    answer = ask(role(inline(allow(read, names))), read, SECRET)
    assert isinstance(answer, No)
    assert not asked  # nobody has told it yet
    assert answer.evidence
    assert len(asked) == misses.LOOKED_AT
