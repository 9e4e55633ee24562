"""What a role's policies grant as a whole, and what IAM refuses in them."""

from __future__ import annotations

from typing import Any

import pytest
from iam_toys import HERE, POLICY, allow, aws, deny, document, hole, inline, role, value

from ecs_preflight import iam
from ecs_preflight.iam import PolicyFault, PolicyUse
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.values import Items, JsonFault, Known, Text, Value, join, literal

GROUP = arns.log_group(HERE, Known("/ecs/app"))
BUCKET = arns.bucket(HERE, Known("b"))
SECRET = arns.secret(HERE, Known("app"), "s")


def granted(*statements: Any) -> list[str | None]:
    return [literal(grant.action) for grant in iam.grants(role(inline(*statements)))]


def test_grants_are_the_allowed_actions() -> None:
    assert granted(
        allow(["s3:Get*", "ssm:GetParameters"]),
        deny("s3:PutObject"),
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
    ) == ["s3:Get*", "ssm:GetParameters", "*"]


def test_what_is_denied_altogether_is_not_granted() -> None:
    assert granted(allow(["s3:GetObject", "ssm:GetParameters"]), deny("s3:*")) == [
        "ssm:GetParameters"
    ]
    assert granted(allow("s3:*"), deny("s3:PutObject")) == ["s3:*"]
    assert granted(allow("s3:GetObject"), deny("s3:*", "arn:aws:s3:::b/*")) == ["s3:GetObject"]
    assert granted(allow("s3:GetObject"), deny("s3:*", Condition={"Bool": {"a:b": "true"}})) == [
        "s3:GetObject"
    ]


def test_a_grant_knows_its_statement_and_policy() -> None:
    [grant] = iam.grants(role(inline(allow("s3:GetObject", [BUCKET, "*"], Sid="Read")))).items
    assert grant.title == "Statement 'Read' of inline policy 'app'"
    assert grant.everywhere()
    assert [literal(r) for r in grant.resources] == [None, "*"]
    assert grant.span.line == 13
    [managed, *_] = iam.grants(role(aws("AmazonECS_FullAccess"))).items
    assert managed.span == POLICY


def test_what_could_not_be_read_is_said() -> None:
    assert iam.grants(role(inline(allow("s3:*")))).remainder is None
    for doubtful in (
        role(gaps=(hole("gap"),)),
        role(aws("NoSuchPolicy")),
        role(inline(hole("statement"))),
        role(inline(allow(Items((), hole("actions"))))),
    ):
        assert iam.grants(doubtful).remainder is not None


def found(source: Value, use: PolicyUse = PolicyUse.INLINE) -> list[PolicyFault]:
    return list(iam.faults(source, use))


GOOD = allow("s3:*", Sid="One")
TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
    "Action": "sts:AssumeRole",
}


@pytest.mark.parametrize(
    ("statement", "code", "message"),
    [
        (
            {**GOOD, "Effect": "allow"},
            "effect",
            "The effect 'allow' is neither 'Allow' nor 'Deny'.",
        ),
        ({"Action": "*", "Resource": "*"}, "effect", "Statement 1 has no Effect."),
        ({"Effect": "Allow", "Resource": "*"}, "action", "Statement 1 has no actions."),
        ({**GOOD, "Action": []}, "action", "Statement 'One' has no actions."),
        ({**GOOD, "NotAction": "s3:*"}, "action", "Statement 'One' has both Action and NotAction."),
        (
            {**GOOD, "Action": "GetObject"},
            "action",
            "'GetObject' is no action: write 'service:Action'.",
        ),
        ({"Effect": "Allow", "Action": "*"}, "resource", "Statement 1 has no resources."),
        (
            {**GOOD, "Resource": "alias/app"},
            "resource",
            "The resource 'alias/app' is neither an ARN nor '*'.",
        ),
        (
            {**GOOD, "Principal": "*"},
            "named",
            "Statement 'One' names a principal, which only trust and resource policies do.",
        ),
        (
            {**GOOD, "Resources": "*"},
            "element",
            "'Resources' is no element of a policy: write 'Resource'.",
        ),
        (
            {**GOOD, "Sid": "Not here"},
            "sid",
            "The Sid 'Not here' may only hold letters and digits.",
        ),
        (
            {**GOOD, "Condition": {"StringEqual": {"a:b": "c"}}},
            "condition",
            "'StringEqual' is no condition operator.",
        ),
    ],
)
def test_faults_of_a_permission_policy(statement: Any, code: str, message: str) -> None:
    [fault] = found(document(statement))
    assert (fault.code, fault.message) == (code, message)
    assert fault.span.line >= 11


@pytest.mark.parametrize(
    ("action", "refusal"),
    [
        (
            "GetObject",
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
        ("*:*", ""),
        ("s*:GetObject", "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards."),
        ("s3:Get:Object", "Actions/Condition can contain only one colon."),
    ],
)
def test_iams_own_words_for_an_action_that_is_none(action: str, refusal: str) -> None:
    said = [fault.refusal for fault in found(document({**GOOD, "Action": action}))]
    assert said == ([refusal] if refusal else [])


@pytest.mark.parametrize(
    ("statement", "code", "message"),
    [
        (
            {**TRUST, "Resource": "*"},
            "trust",
            "Statement 1 of the trust policy names resources: it can only say "
            "who may assume the role.",
        ),
        (
            {**TRUST, "Action": "s3:GetObject"},
            "trust",
            "The trust policy's statement 1 allows 's3:GetObject', and only 'sts:AssumeRole' and "
            "its like belong there, written so.",
        ),
        (
            {"Effect": "Allow", "Action": "sts:AssumeRole"},
            "principal",
            "Statement 1 of the trust policy names no principal.",
        ),
    ],
)
def test_faults_of_a_trust_policy(statement: Any, code: str, message: str) -> None:
    [fault] = found(document(statement), PolicyUse.TRUST)
    assert (fault.code, fault.message) == (code, message)


@pytest.mark.parametrize(
    ("source", "use"),
    [
        (document(GOOD, allow("ssm:GetParameters", Sid="")), PolicyUse.INLINE),
        (document(TRUST), PolicyUse.TRUST),
        (
            document({**TRUST, "Action": ["sts:AssumeRole", "sts:TagSession"], "Sid": ""}),
            PolicyUse.TRUST,
        ),
        (document({**GOOD, "Principal": "*", "Sid": "any sid"}), PolicyUse.RESOURCE),
        (
            document(
                hole("statement"),
                {**GOOD, "Effect": hole("e"), "Action": hole("a"), "Resource": hole("r")},
            ),
            PolicyUse.MANAGED,
        ),
        (hole("document"), PolicyUse.INLINE),
        (Text(("{", hole("x"))), PolicyUse.INLINE),
        (
            document({**GOOD, "Condition": {"ForAllValues:StringLikeIfExists": {"a:b": "c"}}}),
            PolicyUse.INLINE,
        ),
        (
            document({**GOOD, "Action": ["ecr-public:*", "s3:?etObject", hole("x")]}),
            PolicyUse.INLINE,
        ),
    ],
)
def test_what_iam_takes(source: Value, use: PolicyUse) -> None:
    assert found(source, use) == []


def test_faults_of_the_document() -> None:
    assert [f.code for f in found(document(GOOD, version="2012-10-18"))] == ["version"]
    assert [f.message for f in found(document(GOOD, GOOD))] == [
        "Two statements of the inline policy have the Sid 'One'."
    ]
    assert [f.message for f in found(value({"Version": "2012-10-17"}))] == [
        "The inline policy has no Statement."
    ]


def test_what_is_not_json() -> None:
    span = Span("policy.json", 7, 3, 7, 4)
    broken = Known("{", Span("main.tf", 1), encodes=JsonFault("a comma stands before ']'", span))
    [fault] = found(broken)
    assert fault == PolicyFault(
        "json", "The inline policy is not JSON: a comma stands before ']'.", span
    )
    assert [fault.code for fault in found(Known("no"))] == ["json"]
    read = Known("{}", Span("main.tf", 1), encodes=document({**GOOD, "Effect": "allow"}))
    assert [fault.code for fault in found(read)] == ["effect"]


@pytest.mark.parametrize(
    ("use", "fits", "length"),
    [
        (PolicyUse.MANAGED, 5_900, 6_200),
        (PolicyUse.INLINE, 10_000, 10_300),
        (PolicyUse.TRUST, 1_800, 4_200),
    ],
)
def test_size(use: PolicyUse, fits: int, length: int) -> None:
    def long(size: int) -> Value:
        statement = TRUST if use is PolicyUse.TRUST else GOOD
        return document({**statement, "Condition": {"StringEquals": {"a:b": "x" * size}}})

    assert found(long(fits), use) == []
    assert [fault.code for fault in found(long(length), use)] == ["size"]


def test_size_counts_what_is_known_without_white_space() -> None:
    assert [
        f.code
        for f in found(
            document({**TRUST, "Condition": {"StringEquals": {"a:b": "x" * 2_100}}}),
            PolicyUse.TRUST,
        )
    ] == ["quota"]
    assert found(document({**GOOD, "Condition": {"StringEquals": {"a:b": " " * 20_000}}})) == []
    assert (
        found(document({**GOOD, "Resource": join("arn:aws:s3:::", hole("b"))}), PolicyUse.MANAGED)
        == []
    )
    repeated = ["arn:aws:s3:::bucket-with-a-long-name/*"] * 200
    assert found(document({**GOOD, "Resource": repeated}), PolicyUse.MANAGED) == []
    text = {"StringEquals": {"a:b": "x" * 6_000}}
    wide = role(inline(allow("s3:*", Condition=text)), inline(allow("s3:*", Condition=text)))
    assert iam.inline_size(wide) > iam.INLINE_LIMIT


@pytest.mark.parametrize(
    ("source", "use", "refusal"),
    [
        ({**TRUST, "Action": "sts:*"}, PolicyUse.TRUST, "AssumeRole policy may only specify STS"),
        ({**TRUST, "Action": "sts:assumerole"}, PolicyUse.TRUST, "AssumeRole policy may only"),
        ({**TRUST, "Principal": "*"}, PolicyUse.TRUST, "AssumeRolepolicy contained an invalid"),
        ({**TRUST, "Principal": {"Service": "*.amazonaws.com"}}, PolicyUse.TRUST, "Invalid princ"),
        ({**TRUST, "Principal": {"Service": "ecs-tasks"}}, PolicyUse.TRUST, "Invalid principal"),
        ({**TRUST, "Principal": {"AWS": "1234"}}, PolicyUse.TRUST, "Invalid principal in policy"),
        ({**GOOD, "Principal": "*"}, PolicyUse.INLINE, "Policy document should not specify"),
        ({**GOOD, "Resource": "arn:aws:s3::b"}, PolicyUse.INLINE, "The policy failed legacy pars"),
        ({**GOOD, "Resource": "arn:aws::b"}, PolicyUse.INLINE, "The policy failed legacy parsing"),
        ({**GOOD, "Resource": "arn:aws"}, PolicyUse.INLINE, "Resource vendor must be fully"),
        ({**GOOD, "Resource": "arn:aws:s3:eu-west-1::b"}, PolicyUse.INLINE, "Resource arn:aws:s3:"),
        ({**GOOD, "Resource": "arn:aws:*:::b"}, PolicyUse.INLINE, "Resource vendor must be fully"),
        (
            {**GOOD, "Condition": {"ArnLike": {"aws:SourceArn": "b"}}},
            PolicyUse.INLINE,
            "The policy",
        ),
        ({**GOOD, "Condition": {"IpAddress": {"aws:SourceIp": "x"}}}, PolicyUse.INLINE, "The pol"),
        ({**GOOD, "Effect": "allow"}, PolicyUse.INLINE, "The policy failed legacy parsing"),
        ({**GOOD, "Action": "a:b:c"}, PolicyUse.INLINE, "Actions/Condition can contain only one"),
    ],
)
def test_each_fault_has_the_text_that_iam_refuses_it_with(
    source: Any, use: PolicyUse, refusal: str
) -> None:
    [fault] = found(document(source), use)
    assert fault.refusal.startswith(refusal)


@pytest.mark.parametrize(
    ("source", "use"),
    [
        ({**GOOD, "Resource": "*"}, PolicyUse.INLINE),
        ({**GOOD, "Resource": "arn:aws:s3"}, PolicyUse.INLINE),
        ({**GOOD, "Resource": "arn:aws:sqs:eu-west-1:111122223333"}, PolicyUse.INLINE),
        ({**GOOD, "Resource": "arn:aws:s3:eu-west-1:111122223333:accesspoint/a"}, PolicyUse.INLINE),
        ({**GOOD, "Condition": {"ArnLike": {"aws:SourceArn": "*"}}}, PolicyUse.INLINE),
        ({**GOOD, "Condition": {"NumericLessThan": {"s3:max-keys": "10"}}}, PolicyUse.INLINE),
        ({**TRUST, "Principal": {"AWS": ["*", "111122223333"]}}, PolicyUse.TRUST),
    ],
)
def test_what_looks_odd_and_iam_takes(source: Any, use: PolicyUse) -> None:
    assert found(document(source), use) == []


# -- what an action's resources look like ----------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "resource", "fits"),
    [
        ("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/a.claude-3-haiku-v1:0", True),
        ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:f:live", True),
        ("ecs:RunTask", "arn:aws:ecs:eu-west-1:111122223333:task-definition/app:12", True),
        ("ecs:RunTask", "arn:aws:ecs:eu-west-1:111122223333:task-definition/app", False),
        ("logs:PutLogEvents", "arn:aws:logs:*:*:log-group:/ecs/app:log-stream:app/*", True),
        ("logs:PutLogEvents", "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/app:*:*", True),
        ("logs:PutLogEvents", "arn:aws:logs:*:*:log-group:/ecs/app", False),
        ("ssm:GetParameters", "arn:aws:ssm:*::parameter/aws/service/ecs/*", True),
        ("ssm:GetParameters", "arn:aws:ssm:*::parameter/app/*", False),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1::queue", False),
        ("kms:CreateAlias", "arn:aws:kms:eu-west-1:111122223333:alias/shop/orders_*", True),
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:alias/shop/orders", False),
        ("states:DescribeExecution", "arn:aws:states:*:*:execution:machine:*", True),
        ("*:*", "arn:aws:s3:::bucket", True),
    ],
)
def test_resources_that_an_action_can_be_checked_on(action: str, resource: str, fits: bool) -> None:
    found = iam.grants(role(inline(allow(action, resource)))).without_effect()
    assert (not found) is fits


@pytest.mark.parametrize(
    ("action", "misfit", "other", "repeated"),
    [
        ("s3:ListBucket", "arn:aws:s3:::b/*", "arn:aws:s3:::b", True),
        ("s3:ListBucket", "arn:aws:s3:::b/*", "*", True),
        ("s3:ListBucket", "arn:aws:s3:::b/*", "arn:aws:s3:::c", False),
        ("s3:ListBucket", "arn:aws:s3:::b/*", "arn:aws:s3:::b/x/*", False),
        (
            "logs:PutLogEvents",
            "arn:aws:logs:*:*:log-group:/ecs/app",
            "arn:aws:logs:*:*:log-group:/ecs/app:*",
            True,
        ),
    ],
)
def test_a_statement_without_effect_may_repeat_another(
    action: str, misfit: str, other: str, repeated: bool
) -> None:
    found = iam.grants(role(inline(allow(action, misfit), allow(action, other))))
    grant = next(grant for grant in found if literal(grant.resources[0]) == misfit)
    assert found.repeated(grant) is repeated
