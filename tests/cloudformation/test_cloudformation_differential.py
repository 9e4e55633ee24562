"""Our values against those of cfn-lint and of moto, wherever they can answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cloudformation_trees import plain
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.cloudformation import unit_from_template
from ecs_preflight.cloudformation.language.scope import value_of
from ecs_preflight.model import Target
from ecs_preflight.symbolic.documents.json_text import read
from ecs_preflight.symbolic.values import Entries, Items, Known, why_not
from ecs_preflight.symbolic.worlds import PathCondition

TEMPLATE: dict[str, Any] = {
    "Parameters": {
        "Name": {"Type": "String", "Default": "app"},
        "Number": {"Type": "Number", "Default": 7},
        "List": {"Type": "CommaDelimitedList", "Default": "a,b,c"},
    },
    "Mappings": {"Map": {"app": {"one": "1", "two": "2"}, "web": {"one": "3", "two": "4"}}},
    "Conditions": {
        "Yes": {"Fn::Equals": [{"Ref": "Name"}, "app"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
        "One": {"Fn::Or": [{"Condition": "Yes"}, {"Condition": "No"}]},
    },
    "Resources": {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}
    },
}

WORD = st.sampled_from(["a", "x-y", "app", "one", "a|b|c", "arn:aws:s3:::b", "", "0"])
NAME = st.sampled_from(["Name", "Number", "AWS::Region", "AWS::AccountId", "AWS::Partition"])
CONDITION = st.sampled_from(["Yes", "No", "Both", "One"])


def _functions(text: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Functions that give strings, of ones that do."""
    items = st.lists(text, min_size=1, max_size=3)
    return st.one_of(
        st.tuples(st.sampled_from(["", "-", ", "]), items).map(lambda it: {"Fn::Join": list(it)}),
        st.tuples(NAME, text).map(
            lambda it: {"Fn::Sub": [f"${{{it[0]}}}/${{V}}-${{!Name}}", {"V": it[1]}]}
        ),
        st.tuples(CONDITION, text, text).map(lambda it: {"Fn::If": list(it)}),
        items.map(lambda it: {"Fn::Select": [0, it]}),
        st.tuples(st.sampled_from(["-", "|"]), text).map(
            lambda it: {"Fn::Select": ["0", {"Fn::Split": list(it)}]}
        ),
        st.integers(0, 2).map(lambda index: {"Fn::Select": [index, {"Ref": "List"}]}),
        st.just({"Fn::Join": ["+", {"Ref": "List"}]}),
    )


STRINGS: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        WORD,
        NAME.map(lambda name: {"Ref": name}),
        NAME.map(lambda name: {"Fn::Sub": f"<${{{name}}}>"}),
        st.sampled_from(["one", "two"]).map(
            lambda key: {"Fn::FindInMap": ["Map", {"Ref": "Name"}, key]}
        ),
    ),
    _functions,
    max_leaves=6,
)


def ours(expression: Any) -> Any:
    made = unit_from_template("t.json", json.dumps(TEMPLATE))
    assert made is not None
    own = made.assembly(PathCondition()).own
    own.target = Target(Known("aws"), Known("us-east-1"), Known("123456789012"))
    value = value_of(read(json.dumps(expression)).root, (), own)
    assert why_not(value) is None, f"everything is known here: {value}"
    return plain(value)


@pytest.fixture(scope="module")
def cfn_lint() -> Any:
    template = pytest.importorskip("cfnlint.template").Template(
        "t.json", TEMPLATE, regions=["us-east-1"]
    )
    context = pytest.importorskip("cfnlint.context").create_context_for_template(template)
    return (
        pytest.importorskip("cfnlint.jsonschema")
        .CfnTemplateValidator({})
        .evolve(context=context, cfn=template)
    )


@settings(max_examples=100, deadline=None)
@given(expression=STRINGS)
def test_cfn_lint_resolves_to_the_same_strings(cfn_lint: Any, expression: Any) -> None:
    """cfn-lint leaves every condition open: our value must be among those it finds. It does not
    take the mark out of ``${!Literal}``."""
    theirs = [value for value, _, _ in cfn_lint.resolve_value(expression)]
    if theirs and all(isinstance(value, str) for value in theirs):
        assert ours(expression) in [value.replace("${!", "${") for value in theirs]


def moto_can(written: str) -> bool:
    """moto keeps numbers numbers, joins the letters of a list's default, and substitutes in what a
    substitution has made of ``${!Literal}``."""
    return (
        '"List"' not in written
        and "Number" not in written
        and not ("${!" in written and written.count("Fn::Sub") > 1)
    )


@pytest.fixture(scope="module")
def moto() -> Any:
    return pytest.importorskip("moto.cloudformation.parsing", exc_type=ImportError)


@settings(max_examples=100, deadline=None)
@given(expression=STRINGS.filter(lambda expression: moto_can(json.dumps(expression))))
def test_moto_deploys_the_same_strings(moto: Any, expression: Any) -> None:
    resources = moto.ResourceMap(
        "arn:aws:cloudformation:us-east-1:123456789012:stack/s/1",
        "s",
        {},
        {},
        "us-east-1",
        "123456789012",
        json.loads(json.dumps(TEMPLATE)),
        None,
    )
    resources.load_parameters()
    resources.load_mapping()
    resources.load_conditions()
    theirs = moto.clean_json(json.loads(json.dumps(expression)), resources)
    assert ours(expression) == theirs


SAMPLES = sorted(
    path
    for path in (Path(__file__).parents[2] / "samples" / "cloudformation").rglob("*.yaml")
    if "ECS001" not in path.parent.name
)


def _values(value: Any) -> Iterator[Any]:
    yield value
    for inner in (
        value.items
        if isinstance(value, Items)
        else [item for _, item in value.entries]
        if isinstance(value, Entries)
        else ()
    ):
        yield from _values(inner)


@pytest.mark.parametrize(
    "sample",
    [sample for sample in SAMPLES if "TaskDefinition" in sample.read_text()][::8],
    ids=lambda sample: f"{sample.parent.name}/{sample.name}",
)
def test_cfn_lint_finds_every_value_by_its_path_and_at_its_place(sample: Path) -> None:
    cfn_yaml = pytest.importorskip("cfnlint.decode.cfn_yaml")
    text = sample.read_text()
    made, theirs = unit_from_template(str(sample), text), cfn_yaml.loads(text)
    assert made is not None
    seen = 0
    for declared in made.assembly(PathCondition()).own.declared:
        if declared.address not in theirs["Resources"]:
            continue  # a macro makes it
        for value in _values(declared.body):
            if declared.type.startswith("AWS::Serverless::") and "Role" in value.span.path:
                continue  # SAM makes the role
            node = theirs
            for step in value.span.path:
                assert step in node if isinstance(node, dict) else step < len(node), value.span
                node = node[step]
            if isinstance(node, str) and isinstance(value, Known):
                assert (value.span.line, value.span.column) == (
                    node.start_mark.line + 1,
                    node.start_mark.column + 1,
                )
                seen += 1
    assert seen
