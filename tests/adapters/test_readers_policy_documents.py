"""Terraform's data source aws_iam_policy_document."""

from __future__ import annotations

import json
from typing import Any

import pytest
from declaring import INPUT, declared, value

from ecs_preflight import iam
from ecs_preflight.symbolic.records import replace
from ecs_preflight.symbolic.source import Span
from ecs_preflight.symbolic.values import Entries, Items, Known, Text, Unknown, Value
from ecs_preflight.terraform import resources


def document(**body: Any) -> Entries:
    data = declared("data.aws_iam_policy_document", body, "data.aws_iam_policy_document.d")
    json_text = resources.attribute(data, "json")
    assert isinstance(json_text, Text) and isinstance(json_text.encodes, Entries)
    return json_text.encodes


def plain(found: Value) -> Any:
    if isinstance(found, Entries):
        return {key: plain(item) for key, item in found.entries}
    if isinstance(found, Items):
        return [plain(item) for item in found]
    return found.value if isinstance(found, Known) else found


def statements(**body: Any) -> Any:
    return plain(document(**body))["Statement"]


def test_a_statement_is_written_as_iam_reads_it() -> None:
    assert plain(
        document(
            statement=[
                {
                    "sid": "One",
                    "actions": ["s3:GetObject"],
                    "resources": ["arn:aws:s3:::b/*"],
                    "condition": [{"test": "StringEquals", "variable": "aws:x", "values": ["1"]}],
                }
            ]
        )
    ) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "One",
                "Effect": "Allow",
                "Action": ["s3:GetObject"],
                "Resource": ["arn:aws:s3:::b/*"],
                "Condition": {"StringEquals": {"aws:x": ["1"]}},
            }
        ],
    }


def test_what_is_empty_is_left_out() -> None:
    assert statements(
        statement=[
            {
                "sid": "",
                "effect": "Deny",
                "not_actions": ["iam:*"],
                "actions": [],
                "not_resources": ["*"],
                "principals": [],
            }
        ]
    ) == [{"Effect": "Deny", "NotAction": ["iam:*"], "NotResource": ["*"]}]


@pytest.mark.parametrize(
    "blocks, principal",
    [
        (
            [{"type": "Service", "identifiers": ["ecs-tasks.amazonaws.com"]}],
            {"Service": ["ecs-tasks.amazonaws.com"]},
        ),
        ([{"type": "AWS", "identifiers": ["*"]}], {"AWS": ["*"]}),
        ([{"type": "*", "identifiers": ["*"]}], "*"),
        (
            [
                {"type": "Service", "identifiers": ["a"]},
                {"type": "AWS", "identifiers": ["b"]},
                {"type": "Service", "identifiers": ["c"]},
            ],
            {"Service": ["a", "c"], "AWS": ["b"]},
        ),
    ],
)
def test_principals(blocks, principal) -> None:
    assert statements(statement=[{"principals": blocks}])[0]["Principal"] == principal
    assert statements(statement=[{"not_principals": blocks}])[0]["NotPrincipal"] == principal


def test_conditions_of_one_test_add_up() -> None:
    assert statements(
        statement=[
            {
                "condition": [
                    {"test": "T", "variable": "a", "values": ["1"]},
                    {"test": "T", "variable": "b", "values": ["2"]},
                    {"test": "T", "variable": "a", "values": ["3"]},
                ]
            }
        ]
    )[0]["Condition"] == {"T": {"a": ["1", "3"], "b": ["2"]}}


def test_an_ampersand_stands_for_a_policy_variable() -> None:
    (statement,) = statements(
        statement=[
            {
                "actions": ["&{x}"],
                "resources": ["b/&{aws:username}"],
                "principals": [{"type": "AWS", "identifiers": ["&{p}"]}],
                "condition": [{"test": "T", "variable": "v", "values": ["&{y}"]}],
            }
        ]
    )
    assert statement == {
        "Effect": "Allow",
        "Action": ["&{x}"],
        "Resource": ["b/${aws:username}"],
        "Principal": {"AWS": ["${p}"]},
        "Condition": {"T": {"v": ["${y}"]}},
    }
    with_hole = Text(("a/&{z}/", INPUT))
    assert statements(statement=[{"resources": [with_hole]}])[0]["Resource"] == [
        Text(("a/${z}/", INPUT))
    ]


def source(*listed: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(listed)})


def sids(**body: Any) -> list[tuple[str, str]]:
    return [(s.get("Sid", ""), s["Effect"]) for s in statements(**body)]


ALLOW = {"sid": "S", "effect": "Allow"}


def test_documents_merge_by_sid_as_the_provider_does_it() -> None:
    deny = source({"Sid": "S", "Effect": "Deny"}, {"Effect": "Deny"})
    for before in ({"source_policy_documents": [deny]}, {"source_json": deny}):
        assert sids(statement=[ALLOW], **before) == [("S", "Allow"), ("", "Deny")]
    for after in ({"override_policy_documents": [deny]}, {"override_json": deny}):
        assert sids(statement=[ALLOW], **after) == [("S", "Deny"), ("", "Deny")]
    assert sids(
        statement=[{"effect": "Allow"}], override_policy_documents=[source({"Effect": "Deny"})]
    ) == [("", "Allow"), ("", "Deny")]


def test_a_document_merges_with_another_data_sources() -> None:
    inner = declared("data.aws_iam_policy_document", {"statement": [ALLOW]}, "data.x")
    assert sids(source_policy_documents=[resources.attribute(inner, "json")]) == [("S", "Allow")]


def test_an_unknown_source_leaves_the_own_statements_certain() -> None:
    found = document(statement=[ALLOW], source_policy_documents=[INPUT])
    listed = found.get("Statement")
    assert isinstance(listed, Items) and listed.remainder is not None
    assert [isinstance(item, Entries) for item in listed] == [True]


def test_an_unknown_override_may_replace_what_has_a_sid() -> None:
    for unknown in ([INPUT], INPUT):
        listed = document(
            statement=[ALLOW, {"effect": "Allow"}], override_policy_documents=unknown
        ).get("Statement")
        assert isinstance(listed, Items) and listed.remainder is not None
        assert [isinstance(item, Unknown) for item in listed] == [True, False]


def test_two_unknown_documents_are_no_more_than_one() -> None:
    listed = document(source_policy_documents=[INPUT, INPUT], override_json=INPUT).get("Statement")
    assert isinstance(listed, Items) and listed.remainder is not None and not listed.items


def test_statements_of_an_unknown_loop_are_the_rest() -> None:
    found = document(statement=Items((value(ALLOW),), INPUT)).get("Statement")
    assert isinstance(found, Items) and found.remainder == INPUT and len(found.items) == 1


def test_unknown_parts_stay_where_they_are() -> None:
    (statement,) = statements(
        statement=[
            {
                "actions": INPUT,
                "resources": [INPUT, "b"],
                "effect": INPUT,
                "principals": [{"type": INPUT, "identifiers": ["x"]}],
                "condition": [{"test": INPUT, "variable": "v", "values": ["1"]}],
            }
        ]
    )
    assert statement["Action"] == statement["Effect"] == INPUT
    assert statement["Resource"] == [INPUT, "b"]
    assert isinstance(statement["Principal"], Unknown)
    assert isinstance(statement["Condition"], Unknown)


def test_a_statement_stands_where_its_block_does() -> None:
    here = Span("iam.tf", 7, 3, 11, 4)
    block = replace(value(ALLOW), span=here)
    found = document(statement=Items((block,))).get("Statement")
    assert isinstance(found, Items) and found.items[0].span == here


def test_the_documents_statements_reach_iam() -> None:
    data = declared(
        "data.aws_iam_policy_document",
        {"statement": [{"actions": ["s3:*"], "resources": ["*"]}]},
        "data.d",
    )
    json_text = resources.attribute(data, "json")
    assert json_text is not None and len(iam.statements(json_text).statements) == 1
