"""IAM's evaluation: what must hold for any policies at all, and the parts of a statement."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iam_toys import (
    HERE,
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
    stack,
    value,
)

from ecs_preflight import iam
from ecs_preflight.model import Bucket, Key, Principal, Protected, Repository, StoredSecret
from ecs_preflight.symbolic import arns
from ecs_preflight.symbolic.answers import No, Yes
from ecs_preflight.symbolic.records import replace
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.values import (
    ABSENT,
    Entries,
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    join,
)

ACTIONS = st.sampled_from(
    ["*", "s3:*", "s3:Get*", "s3:GetObject", "s3:PutObject", "S3:getobject", "ssm:*"]
)
RESOURCES: st.SearchStrategy[Any] = st.sampled_from(
    [
        "*",
        "arn:aws:s3:::a/*",
        "arn:aws:s3:::a/x",
        "arn:aws:s3:::b/*",
        "arn:aws:s3:::?/x",
        join("arn:aws:s3:::", hole("bucket"), "/*"),
        hole("all"),
    ]
)
CONDITIONS = st.sampled_from(
    [
        None,
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringEquals": {"aws:SourceAccount": "1"}},
        {"StringEquals": {"aws:PrincipalTag/team": "x"}},
    ]
)


@st.composite
def statements(draw: st.DrawFn, effect: str | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {"Effect": effect or draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    made[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(
        st.lists(ACTIONS, min_size=1, max_size=2)
    )
    made[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(
        st.lists(RESOURCES, min_size=1, max_size=2)
    )
    condition = draw(CONDITIONS)
    return {**made, "Condition": condition} if condition else made


POLICIES = st.lists(statements(), max_size=4)
CALLS = st.tuples(
    st.sampled_from(["s3:GetObject", "s3:PutObject"]),
    st.sampled_from(
        ["arn:aws:s3:::a/x", "arn:aws:s3:::b/y", join("arn:aws:s3:::", hole("bucket"), "/x")]
    ),
)


def answer(policies: list[dict[str, Any]], call: tuple[str, Any], **more: Any) -> str:
    return said(ask(role(inline(*policies), **more), *call))


@given(POLICIES, statements("Allow"), CALLS)
def test_an_allow_more_never_takes_away(
    policies: list[dict[str, Any]], more: dict[str, Any], call: tuple[str, Any]
) -> None:
    before, after = answer(policies, call), answer([*policies, more], call)
    assert {"yes": 2, "unknown": 1, "no": 0}[after] >= {"yes": 2, "unknown": 1, "no": 0}[before]


@given(POLICIES, statements("Deny"), CALLS)
def test_a_deny_more_never_gives(
    policies: list[dict[str, Any]], more: dict[str, Any], call: tuple[str, Any]
) -> None:
    before, after = answer(policies, call), answer([*policies, more], call)
    assert {"yes": 2, "unknown": 1, "no": 0}[after] <= {"yes": 2, "unknown": 1, "no": 0}[before]


@given(POLICIES, CALLS)
def test_a_deny_that_applies_wins(policies: list[dict[str, Any]], call: tuple[str, Any]) -> None:
    assert answer([*policies, deny("*")], call) == "no"
    assert answer([deny("s3:*", "arn:aws:s3:::*"), *policies], call) == "no"


@given(POLICIES, POLICIES, CALLS)
def test_a_boundary_never_widens(
    policies: list[dict[str, Any]], limit: list[dict[str, Any]], call: tuple[str, Any]
) -> None:
    free = answer(policies, call)
    bounded = answer(policies, call, boundary=inline(*limit))
    in_session = said(ask(role(inline(*policies)), *call, session=document(*limit)))
    order = {"yes": 2, "unknown": 1, "no": 0}
    assert order[bounded] <= order[free]
    assert bounded == in_session


@given(POLICIES, CALLS, st.integers(0, 20))
def test_hiding_a_part_of_the_resource_never_turns_the_answer(
    policies: list[dict[str, Any]], call: tuple[str, Any], cut: int
) -> None:
    action, resource = call
    if isinstance(resource, str):
        hidden = join(resource[:cut], hole("hidden"), resource[cut + 3 :])
        assert answer(policies, (action, hidden)) in (answer(policies, call), "unknown")


@given(
    st.lists(statements(), min_size=1, max_size=3),
    CALLS,
    st.integers(0, 2),
    st.sampled_from(["Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"]),
)
def test_hiding_a_part_of_a_policy_never_turns_the_answer(
    policies: list[dict[str, Any]], call: tuple[str, Any], index: int, element: str
) -> None:
    hidden = [dict(statement) for statement in policies]
    if element in hidden[index % len(hidden)]:
        hidden[index % len(hidden)][element] = hole("hidden")
    assert answer(hidden, call) in (answer(policies, call), "unknown")


@pytest.mark.parametrize(
    "statement",
    [
        allow("S3:GETobject"),
        allow("s3:Get*"),
        allow("s3:Get?bject"),
        allow("*"),
        allow("*:*"),
        allow(["ssm:*", "s3:GetObject"]),
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::other/*"},
    ],
)
def test_ways_to_allow(statement: dict[str, Any]) -> None:
    assert answer([statement], ("s3:GetObject", "arn:aws:s3:::a/x")) == "yes"


@pytest.mark.parametrize(
    "statement",
    [
        allow("s3:GetObjec"),
        allow("s3:GetObject?"),
        allow("s3"),
        allow([]),
        allow("s3:GetObject", []),
        allow("s3:GetObject", "arn:aws:s3:::A/x"),
        {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "NotResource": ["arn:aws:s3:::a/*"]},
    ],
)
def test_what_does_not_allow(statement: dict[str, Any]) -> None:
    assert answer([statement], ("s3:GetObject", "arn:aws:s3:::a/x")) == "no"


@pytest.mark.parametrize(
    "broken",
    [
        {"Effect": "allow", "Action": "*", "Resource": "*"},
        {"Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Resource": "*"},
        {"Effect": "Allow", "Action": "*"},
        {
            "Effect": "Allow",
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringSimilar": {"aws:x": "y"}},
        },
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": "none"},
        "Allow",
        hole("statement"),
    ],
)
def test_a_statement_that_iam_refuses_decides_nothing(broken: Any) -> None:
    """The deployment fails on the policy itself: that is one fault, and another rule's."""
    assert answer([broken], ("s3:GetObject", "arn:aws:s3:::a/x")) == "unknown"
    assert answer([broken, allow("s3:*")], ("s3:GetObject", "arn:aws:s3:::a/x")) == "yes"


@pytest.mark.parametrize(
    "hidden", [Items((Known("s3:PutObject"),), hole("more")), Items((), hole("all")), hole("one")]
)
def test_elements_known_in_part(hidden: Value) -> None:
    call = ("s3:GetObject", "arn:aws:s3:::a/x")
    assert answer([allow(hidden)], call) == "unknown"
    assert answer([allow("s3:GetObject", hidden)], call) == "unknown"
    assert answer([allow("*"), deny(hidden)], call) == "unknown"
    assert (
        answer([allow("*"), {"Effect": "Deny", "NotAction": hidden, "Resource": "*"}], call)
        != "yes"
    )


def test_a_statement_may_stand_alone_and_lists_may_be_nested() -> None:
    single = value({"Version": "2012-10-17", "Statement": allow([["s3:Get*"], "ssm:*"], ["*"])})
    [statement] = iam.statements(single).statements
    assert [item.value for item in statement.actions or () if isinstance(item, Known)] == [
        "s3:Get*",
        "ssm:*",
    ]
    assert statement.title == "statement 1"


@pytest.mark.parametrize(
    "unread",
    [
        hole("document"),
        Known("not json"),
        Known(7),
        Items(()),
        Entries(()),
        Entries((), hole("keys")),
        Text(("{", hole("x"), "}")),
    ],
)
def test_a_document_that_cannot_be_read_leaves_the_answer_open(unread: Value) -> None:
    request = role(replace(inline(), document=unread))
    assert said(ask(request, "s3:GetObject", "arn:aws:s3:::a/x")) == "unknown"


def test_variables_of_the_older_version_are_text() -> None:
    pattern = "arn:aws:s3:::a/${aws:PrincipalAccount}/*"
    named = f"arn:aws:s3:::a/{THERE.account.value}/x"  # type: ignore[union-attr]
    for version, expected in (("2012-10-17", "yes"), ("2008-10-17", "no"), (None, "no")):
        request = role(inline(allow("s3:GetObject", pattern), version=version), target=THERE)
        assert said(ask(request, "s3:GetObject", named, target=THERE)) == expected


def test_variables_without_known_value_are_holes() -> None:
    request = role(inline(allow("s3:GetObject", "arn:aws:s3:::a/${aws:PrincipalTag/team}/*")))
    assert said(ask(request, "s3:GetObject", "arn:aws:s3:::a/web/x")) == "unknown"
    assert said(ask(request, "s3:GetObject", "arn:aws:s3:::b/web/x")) == "no"


# -- AWS managed policies --------------------------------------------------------------------------

EXECUTION_POLICY = "service-role/AmazonECSTaskExecutionRolePolicy"


@pytest.mark.parametrize(
    ("policy", "action", "resource", "expected"),
    [
        (EXECUTION_POLICY, "ecr:GetAuthorizationToken", "*", "yes"),
        (EXECUTION_POLICY, "ecr:BatchGetImage", arns.repository(HERE, Known("app")), "yes"),
        (EXECUTION_POLICY, "logs:PutLogEvents", arns.log_stream(HERE, Known("g"), "*"), "yes"),
        (EXECUTION_POLICY, "logs:CreateLogGroup", arns.log_group(HERE, Known("g")), "no"),
        (
            EXECUTION_POLICY,
            "secretsmanager:GetSecretValue",
            arns.secret(HERE, Known("a"), "a"),
            "no",
        ),
        (
            "PowerUserAccess",
            "logs:PutLogEvents",
            arns.log_stream(HERE, Known("g"), "*"),
            "yes",
        ),  # facts B12
        ("PowerUserAccess", "iam:PassRole", arns.role(HERE, ABSENT, Known("r")), "no"),
        ("AmazonSSMManagedInstanceCore", "ssmmessages:OpenDataChannel", "*", "yes"),  # facts E17
        ("SecretsManagerReadWrite", "kms:Decrypt", arns.key(HERE, hole("k")), "no"),
        ("NoSuchPolicyAtAll", "kms:Decrypt", arns.key(HERE, hole("k")), "unknown"),
        ("AmazonECSTaskExecutionRolePolicy", "ecr:GetAuthorizationToken", "*", "unknown"),
    ],
)
def test_managed_policies_are_judged_by_content(
    policy: str, action: str, resource: Any, expected: str
) -> None:
    assert said(ask(role(aws(policy)), action, resource)) == expected


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_managed_policies_of_other_partitions(partition: str) -> None:
    """``AmazonECS_FullAccess`` passes roles by ARN: in China by China's."""
    request = role(aws("AmazonECS_FullAccess", partition))
    target = Known(f"arn:{partition}:iam::111122223333:role/ecsInfrastructureRole")
    context = {"iam:PassedToService": Known("ecs.amazonaws.com")}
    assert said(ask(request, "iam:PassRole", target, Principal.DEPLOYER, context=context)) == "yes"


# -- resource policies -----------------------------------------------------------------------------

PLACE = Span("main.tf", 50, 1, 60, 2)


def protected(kind: type[Protected], arn: Value, policy: Any = None, **more: Any) -> Protected:
    return kind(
        address="aws_thing.it",
        type="aws_thing",
        span=PLACE,
        name=Known("it"),
        arn=arn,
        policy=ABSENT if policy is None else value(policy),
        **more,
    )


SECRET = arns.secret(HERE, Known("it"), "it")
KEY = Reference("aws_thing.it", "arn", arns.key(HERE, hole("id")))
REPOSITORY = arns.repository(HERE, Known("it"))
BUCKET = arns.bucket(HERE, Known("it"))
MINE = arns.role(HERE, ABSENT, Known("exec"))
ROOT = join("arn:", arns.PARTITION, ":iam::", arns.ACCOUNT, ":root")


def grant(actions: Any, principal: Any, **more: Any) -> Value:
    return document(
        {"Effect": "Allow", "Action": actions, "Principal": principal, "Resource": "*", **more}
    )


@pytest.mark.parametrize(
    ("kind", "arn", "action", "resource"),
    [
        (StoredSecret, SECRET, "secretsmanager:GetSecretValue", SECRET),
        (Repository, REPOSITORY, "ecr:BatchGetImage", REPOSITORY),
        (Bucket, BUCKET, "s3:GetObject", join(BUCKET, "/app.env")),
    ],
)
@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ({"AWS": MINE}, "yes"),
        ("*", "yes"),
        ({"AWS": "*"}, "yes"),
        ({"AWS": ["arn:aws:iam::1:role/x", MINE]}, "yes"),
        ({"AWS": Reference("aws_iam_role.exec", "arn", None)}, "unknown"),
        ({"AWS": ROOT}, "no"),
        ({"Service": "ecs-tasks.amazonaws.com"}, "no"),
        ({"AWS": "arn:aws:iam::1:role/x"}, "no"),
        (hole("principal"), "unknown"),
    ],
)
def test_the_resource_s_own_policy_can_grant(
    kind: type[Protected], arn: Value, action: str, resource: Value, principal: Any, expected: str
) -> None:
    """facts N11: of the same account; to name the account alone only leaves it to IAM."""
    owned = protected(kind, arn, grant(action, principal))
    assert said(ask(role(), action, resource, others=(owned,))) == expected


def test_a_resource_policy_can_deny() -> None:
    request = role(inline(allow("s3:*")))
    refusing = document(
        {
            "Effect": "Deny",
            "Action": "s3:*",
            "Principal": "*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    )
    call = ("s3:GetObject", join(BUCKET, "/x"))
    assert said(ask(request, *call, others=(protected(Bucket, BUCKET, refusing),))) == "yes"
    others = document(
        {"Effect": "Deny", "Action": "s3:*", "NotPrincipal": {"AWS": MINE}, "Resource": "*"}
    )
    assert said(ask(request, *call, others=(protected(Bucket, BUCKET, others),))) == "yes"
    everyone = document(
        {"Effect": "Deny", "Action": "s3:*", "Principal": {"AWS": ROOT}, "Resource": "*"}
    )
    answer = ask(request, *call, others=(protected(Bucket, BUCKET, everyone),))
    assert nearest(answer) == "Statement 1 of the policy of 'aws_thing.it' denies 's3:GetObject'."


@pytest.mark.parametrize(
    ("policy", "own", "expected"),
    [
        (None, True, "yes"),
        (None, False, "no"),  # the default policy leaves it to IAM
        (grant("kms:*", {"AWS": ROOT}), True, "yes"),
        (grant("kms:*", {"AWS": ROOT}), False, "no"),
        (grant("kms:*", {"AWS": arns.ACCOUNT}), True, "yes"),
        (grant("kms:*", {"AWS": "arn:aws:iam::1:role/admin"}), True, "no"),
        (grant("kms:Decrypt", {"AWS": MINE}), False, "yes"),
        (grant("kms:Encrypt", {"AWS": ROOT}), True, "no"),
        (
            grant(
                "kms:Decrypt",
                {"AWS": "*"},
                Condition={"StringEquals": {"kms:CallerAccount": arns.ACCOUNT}},
            ),
            False,
            "yes",
        ),
        (hole("policy"), True, "unknown"),
        (hole("policy"), False, "unknown"),
    ],
)
def test_a_key_s_policy_decides_whether_iam_counts(policy: Any, own: bool, expected: str) -> None:
    """facts C8"""
    request = role(*([inline(allow("kms:Decrypt"))] if own else []))
    assert said(ask(request, "kms:Decrypt", KEY, others=(protected(Key, KEY, policy),))) == expected


def test_a_key_policy_that_shuts_out_is_named() -> None:
    owned = protected(Key, KEY, grant("kms:*", {"AWS": "arn:aws:iam::1:role/admin"}))
    answer = ask(role(inline(allow("kms:Decrypt"))), "kms:Decrypt", KEY, others=(owned,))
    assert nearest(answer) == (
        "The policy of key 'aws_thing.it' allows 'kms:Decrypt' neither to the role nor "
        "to its account."
    )


def test_the_evidence_of_yes_is_every_statement_that_grants() -> None:
    answer = ask(
        role(inline(allow("ssm:*", Sid="One")), inline(allow("*", Sid="Two"), name="wide")),
        "ssm:GetParameters",
        arns.parameter(HERE, Known("a")),
    )
    assert isinstance(answer, Yes)
    assert [evidence.message for evidence in answer.evidence] == [
        "Statement 'One' of inline policy 'app' allows 'ssm:GetParameters'.",
        "Statement 'Two' of inline policy 'wide' allows 'ssm:GetParameters'.",
    ]
    assert answer.evidence[0].span.line == 12


def test_a_role_without_policies_may_nothing_and_nothing_comes_near() -> None:
    assert ask(role(), "s3:GetObject", "arn:aws:s3:::a/x") == No(())
    assert isinstance(
        iam.authorize(stack(), role(), "s3:GetObject", Unknown("no bucket"), Principal.TASK), No
    )


# -- from the role's side --------------------------------------------------------------------------

WHATEVER = Unknown("the secret is not known", "var.secret")
READ = "secretsmanager:GetSecretValue"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", "yes"),
        ("arn:aws:secretsmanager:*:*:secret:*", "yes"),
        ("arn:*:secretsmanager:*:*:*", "yes"),
        (WHATEVER, "yes"),
        (join(WHATEVER, "*"), "yes"),
        ("arn:aws:secretsmanager:eu-west-1:*:secret:*", "unknown"),  # it may be in another Region
        ("arn:aws:secretsmanager:*:*:secret:app-??????", "unknown"),
        (Unknown("another one", "var.other"), "unknown"),
        ("arn:aws:secretsmanager:*:*:secret", "no"),
        ("arn:aws:secretsmanager:::secret:*", "no"),
        ("arn:aws:ssm:*:*:parameter/*", "no"),
        ("arn:aws:s3:::bucket/*", "no"),
    ],
)
def test_what_holds_of_every_resource_holds_of_one_that_is_not_known(
    pattern: Any, expected: str
) -> None:
    assert said(ask(role(inline(allow(READ, pattern))), READ, WHATEVER)) == expected
    denied = role(inline(allow(READ, "*"), deny(READ, pattern)))
    opposite = {"yes": "no", "no": "yes"}.get(expected, expected)
    assert said(ask(denied, READ, WHATEVER)) == opposite


def test_a_resource_of_another_account_must_allow_it_too() -> None:
    pulls = role(inline(allow("ecr:*", "*")), target=THERE)
    other = "arn:aws:ecr:eu-west-1:444455556666:repository/app"
    own = other.replace("444455556666", "111122223333")
    assert said(ask(pulls, "ecr:BatchGetImage", own, target=THERE)) == "yes"
    assert said(ask(pulls, "ecr:BatchGetImage", other, target=THERE)) == "unknown"
    assert said(ask(role(target=THERE), "ecr:BatchGetImage", other, target=THERE)) == "no"


def test_a_boundary_out_of_sight_is_named_and_leaves_it_to_the_role() -> None:
    boundary = replace(
        inline(), arn=Known("arn:aws:iam::1:policy/dev"), document=hole("var.boundary")
    )
    bounded = role(inline(allow("s3:GetObject", "*")), boundary=boundary)
    answer = ask(bounded, "s3:GetObject", "arn:aws:s3:::b/k")
    assert isinstance(answer, Yes) and answer.within is not None
    assert answer.within.message == "permissions boundary 'dev' is not in the scanned code"
    assert said(ask(bounded, "s3:PutObject", "arn:aws:s3:::b/k")) == "no"


def test_the_policy_of_a_resource_may_grant_what_is_not_known() -> None:
    reader = role()
    allowing = document({**allow(READ, "*"), "Principal": {"AWS": reader.arn}})
    stored = StoredSecret(
        address="aws_secretsmanager_secret.s",
        type="aws_secretsmanager_secret",
        span=Span("main.tf", 1, 1, 2, 2),
        name=Known("s"),
        arn=arns.secret(HERE, Known("s"), "aws_secretsmanager_secret.s"),
        policy=allowing,
    )
    assert said(ask(reader, READ, WHATEVER)) == "no"
    assert said(ask(reader, READ, WHATEVER, others=(stored,))) == "unknown"
