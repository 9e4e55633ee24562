"""The evaluation against independent ones: a recorded simulator, and moto's engine.

Where one of them disagrees, ``docs/decisions/iam-evaluators.md`` says why ours stands.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iam_toys import POLICY, allow, ask, inline, role, said, value
from moto.iam.access_control import IAMPolicy, PermissionResult

from ecs_preflight.model import (
    Bucket,
    Key,
    Policy,
    PolicyKind,
    Principal,
    Protected,
    StoredSecret,
    Target,
)
from ecs_preflight.symbolic.answers import Answer
from ecs_preflight.symbolic.values import ABSENT, Known

RECORDED: dict[str, Any] = json.loads(
    gzip.decompress((Path(__file__).parents[1] / "data" / "iam_answers.json.gz").read_bytes())
)
PLACE = Target(Known("aws"), Known("eu-west-1"), Known(RECORDED["account"]))
KINDS: dict[str, type[Protected]] = {"s3": Bucket, "secretsmanager": StoredSecret, "kms": Key}


def ours(call: dict[str, Any]) -> Answer:
    policies = [
        Policy(PolicyKind.INLINE, Known(f"p{n}"), value(document), POLICY, POLICY, "p")
        for n, document in enumerate(call["policies"])
    ]
    boundary = (
        Policy(PolicyKind.CUSTOMER, Known("b"), value(call["boundary"]), POLICY, POLICY, "b")
        if "boundary" in call
        else None
    )
    owned: tuple[Protected, ...] = ()
    if "resource_policy" in call:
        kind = KINDS[call["action"].partition(":")[0]]
        arn = "arn:aws:s3:::data" if kind is Bucket else call["resource"]
        owned = (
            kind(
                address="it",
                type="it",
                span=POLICY,
                name=Known("it"),
                arn=Known(arn),
                policy=value(call["resource_policy"]),
            ),
        )
    context = {
        key: ABSENT if given is None else value(given) for key, given in call["context"].items()
    }
    return ask(
        role(*policies, target=PLACE, boundary=boundary),
        call["action"],
        call["resource"],
        Principal.TASK,
        target=PLACE,
        others=owned,
        context=context,
        session=value(call["session"]) if "session" in call else None,
    )


#: Calls that the simulator decides and we leave open (see the decision): a policy variable without
#: value in NotResource, and a grant to everyone by the resource beyond a boundary or session
#: policy.
OPEN = {210, 279, 597, 625, 730, 924, 953, 1029, 1080, 1436, 1691, 1698, 1802, 1815}


def test_the_recorded_simulator_agrees() -> None:
    assert len(RECORDED["calls"]) == 2_000
    found = {}
    for number, call in enumerate(RECORDED["calls"]):
        answer = said(ours(call))
        if answer != ("yes" if call["answer"] == "Allowed" else "no"):
            found[number] = answer
    assert found == dict.fromkeys(OPEN, "unknown")


# -- moto: on what it has an opinion: Action, NotAction and Resource with stars, no conditions
# ----------

ACTIONS = st.sampled_from(
    ["*", "s3:*", "s3:Get*", "s3:*Object", "s3:GetObject", "s3:PutObject", "ssm:*"]
)
RESOURCES = st.sampled_from(
    ["*", "arn:aws:s3:::a/*", "arn:aws:s3:::a/x", "arn:aws:s3:::*/x", "arn:aws:s3:::b*"]
)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    element = draw(st.sampled_from(["Action", "NotAction"]))
    one_or_more = st.one_of(ACTIONS, st.lists(ACTIONS, min_size=1, max_size=2))
    return {
        "Effect": draw(st.sampled_from(["Allow", "Deny"])),
        element: draw(one_or_more),
        "Resource": draw(st.lists(RESOURCES, min_size=1, max_size=2)),
    }


def moto(documents: list[dict[str, Any]], action: str, resource: str) -> str:
    results = [
        IAMPolicy(json.dumps(document)).is_action_permitted(action, resource)
        for document in documents
    ]
    if PermissionResult.DENIED in results:
        return "no"
    return "yes" if PermissionResult.PERMITTED in results else "no"


@given(
    st.lists(st.lists(statements(), min_size=1, max_size=3), max_size=3),
    st.sampled_from(["s3:GetObject", "s3:PutObject"]),
    st.sampled_from(["arn:aws:s3:::a/x", "arn:aws:s3:::b/y", "arn:aws:s3:::c/x"]),
)
@settings(max_examples=300)
def test_moto_agrees(policies: list[list[dict[str, Any]]], action: str, resource: str) -> None:
    documents = [{"Version": "2012-10-17", "Statement": made} for made in policies]
    answer = ask(role(*(inline(*made) for made in policies)), action, resource)
    assert said(answer) == moto(documents, action, resource)


@pytest.mark.parametrize(
    ("statements", "correct"),
    [
        ([allow("S3:getobject")], "yes"),
        ([allow("s3:GetObject?")], "no"),
        ([allow("s3:Get?bject")], "yes"),
        ([allow("s3:GetObject", "arn:aws:s3:::a.x")], "no"),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::a/*"}], "no"),
        ([allow("s3:*", Condition={"StringEquals": {"aws:SourceAccount": "1"}})], "no"),
    ],
)
def test_where_moto_errs(statements: list[dict[str, Any]], correct: str) -> None:
    """Each is decided from AWS's documentation in the decision named above."""
    answer = ask(role(inline(*statements)), "s3:GetObject", "arn:aws:s3:::a/x")
    assert said(answer) == correct
    document = {"Version": "2012-10-17", "Statement": statements}
    assert moto([document], "s3:GetObject", "arn:aws:s3:::a/x") != correct
