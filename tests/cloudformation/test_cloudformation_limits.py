"""Whatever a template says, reading it ends, and raises nothing but Unreadable for what cannot be
parsed."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cloudformation_trees import found, unit, worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecs_preflight.adapters.fields import MAX_FIELD
from ecs_preflight.cloudformation import unit_from_template
from ecs_preflight.model import Role, Stack
from ecs_preflight.symbolic.documents import nodes, reading
from ecs_preflight.symbolic.source import Unreadable
from ecs_preflight.symbolic.values import Unknown, expanded, why_not
from ecs_preflight.symbolic.worlds import PathCondition, explore

RICH: dict[str, Any] = {
    "Transform": ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"],
    "Globals": {"Function": {"Tags": {"a": "b"}}},
    "Parameters": {
        "Env": {"Type": "String", "AllowedValues": ["dev", "prod"], "Default": "dev"},
        "List": {"Type": "CommaDelimitedList", "Default": "a,b"},
        "Open": {"Type": "String"},
    },
    "Mappings": {"M": {"dev": {"k": ["v"]}, "prod": {"k": ["w"]}}},
    "Conditions": {
        "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
        "Both": {
            "Fn::And": [{"Condition": "Prod"}, {"Fn::Not": [{"Fn::Equals": [{"Ref": "Open"}, ""]}]}]
        },
    },
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Condition": "Prod",
            "DependsOn": ["Task"],
            "Metadata": {"aws:cdk:path": "App/Role/Resource"},
            "Properties": {
                "RoleName": {
                    "Fn::Sub": ["${A}-${Env}", {"A": {"Fn::Select": [0, {"Ref": "List"}]}}]
                },
                "AssumeRolePolicyDocument": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "sts:AssumeRole",
                            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                        }
                    ]
                },
                "ManagedPolicyArns": [
                    {"Fn::If": ["Both", "arn:aws:iam::aws:policy/X", {"Ref": "AWS::NoValue"}]}
                ],
                "Policies": [
                    {
                        "PolicyName": "p",
                        "PolicyDocument": {
                            "Statement": [
                                {
                                    "Effect": "Allow",
                                    "Action": ["s3:GetObject"],
                                    "Resource": {
                                        "Fn::Join": [
                                            "",
                                            [
                                                "arn:",
                                                {"Ref": "AWS::Partition"},
                                                ":s3:::",
                                                {"Ref": "Open"},
                                            ],
                                        ]
                                    },
                                    "Condition": {
                                        "StringEquals": {
                                            "aws:SourceAccount": {"Ref": "AWS::AccountId"}
                                        }
                                    },
                                }
                            ]
                        },
                    }
                ],
            },
        },
        "Task": {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {
                "Family": {"Fn::FindInMap": ["M", {"Ref": "Env"}, "k", {"DefaultValue": "d"}]},
                "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "TaskRoleArn": {"Fn::ImportValue": {"Fn::Sub": "${Open}-R"}},
                "Cpu": {"Fn::Length": {"Ref": "List"}},
                "ContainerDefinitions": [
                    {
                        "Name": {"Fn::Select": [1, {"Fn::Split": ["-", {"Fn::Sub": "a-${Env}"}]}]},
                        "Image": "x:{{resolve:ssm:/t}}",
                        "Environment": [
                            {"Name": "J", "Value": {"Fn::ToJsonString": {"a": {"Ref": "Open"}}}}
                        ],
                        "Secrets": [{"Name": "S", "ValueFrom": {"Ref": "Secret"}}],
                        "LogConfiguration": {
                            "LogDriver": "awslogs",
                            "Options": {"awslogs-group": {"Ref": "Group"}},
                        },
                    }
                ],
                "Volumes": [
                    {"Name": "v", "EFSVolumeConfiguration": {"FilesystemId": {"Ref": "Open"}}}
                ],
            },
        },
        "Service": {
            "Type": "AWS::ECS::Service",
            "Properties": {
                "TaskDefinition": {"Ref": "Task"},
                "EnableExecuteCommand": True,
                "Cluster": {"Ref": "Cluster"},
            },
        },
        "Cluster": {
            "Type": "AWS::ECS::Cluster",
            "Properties": {
                "Configuration": {
                    "ExecuteCommandConfiguration": {
                        "Logging": "OVERRIDE",
                        "LogConfiguration": {"CloudWatchLogGroupName": {"Ref": "Group"}},
                    }
                }
            },
        },
        "Secret": {"Type": "AWS::SecretsManager::Secret"},
        "Group": {"Type": "AWS::Logs::LogGroup"},
        "Fn::ForEach::P": [
            "N",
            {"Ref": "List"},
            {
                "Policy${N}": {
                    "Type": "AWS::IAM::Policy",
                    "Properties": {
                        "PolicyName": {"Ref": "N"},
                        "Roles": [{"Ref": "Role"}],
                        "PolicyDocument": {"Statement": []},
                    },
                }
            },
        ],
        "Function": {
            "Type": "AWS::Serverless::Function",
            "Properties": {"Policies": [{"Statement": []}, "X"]},
        },
        "Nested": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": "gone.yaml", "Parameters": {"R": {"Ref": "Role"}}},
        },
        "Set": {
            "Type": "AWS::CloudFormation::StackSet",
            "Properties": {"TemplateBody": "Resources: {R: {Type: AWS::IAM::Role}}"},
        },
        "Custom": {
            "Type": "Custom::X",
            "Properties": {
                "R": {"Fn::GetAtt": "Role.Arn"},
                "Z": {"Fn::GetAZs": ""},
                "C": {"Fn::Cidr": ["10.0.0.0/16", 2, 8]},
                "B": {"Fn::Base64": "x"},
                "T": {"Fn::Transform": {"Name": "AWS::Include"}},
            },
        },
    },
    "Outputs": {
        "O": {
            "Value": {"Fn::GetAtt": ["Nested", "Outputs.X"]},
            "Export": {"Name": {"Fn::Sub": "${Env}-o"}},
        },
        "P": {"Condition": "Both", "Value": {"Ref": "Role"}},
    },
}


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to all values of nested data."""
    inner = (
        list(data.items())
        if isinstance(data, dict)
        else list(enumerate(data))
        if isinstance(data, list)
        else []
    )
    return [path, *(target for key, item in inner for target in places(item, (*path, key)))]


def replaced(data: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(data, dict):
        return {
            key: replaced(item, path[1:], new) if key == path[0] else item
            for key, item in data.items()
        }
    return [
        replaced(item, path[1:], new) if index == path[0] else item
        for index, item in enumerate(data)
    ]


PLACES = [target for target in places(RICH) if target]


def read(data: Any) -> Stack | None:
    made = unit_from_template("t.json", json.dumps(data))
    return None if made is None else made.stack(PathCondition())


def test_the_rich_template_is_read_in_all_its_worlds() -> None:
    made = unit_from_template("t.json", json.dumps(RICH))
    assert made is not None
    seen = explore(made.stack)
    # Open is asked about in production alone: elsewhere its condition is false already.
    assert {str(world.choice) for world in seen} == {"None", "Env is prod"}
    assert {role.address for role in seen[0].built.roles} == {"FunctionRole", "Set.R"}
    assert {role.address for role in seen[1].built.roles} == {"Role", "FunctionRole", "Set.R"}


ANYTHING = [
    {"Ref": "Open"},
    [],
    {"Fn::If": ["Both", "a", {"Ref": "AWS::NoValue"}]},
    {"Fn::ImportValue": "x"},
    {},
    None,
    5,
    {"Fn::Sub": "${Task}${Role.Arn}"},
    [[["a"]]],
    {"Fn::GetAtt": "Set.Outputs.X"},
    {"Ref": {"Ref": []}},
]


def test_any_value_may_be_an_unknown_or_anything_else() -> None:
    for number, target in enumerate(PLACES):
        for new in (ANYTHING[0], ANYTHING[1 + number % (len(ANYTHING) - 1)]):
            read(replaced(RICH, target, new))


WRONG = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        [
            "Role",
            "Env",
            "Both",
            "AWS::Region",
            "AWS::NoValue",
            "Nested.Outputs.X",
            "${Env}",
            "{{resolve:x}}",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Ref",
                    "Fn::GetAtt",
                    "Fn::Sub",
                    "Fn::Join",
                    "Fn::If",
                    "Fn::Select",
                    "Fn::Split",
                    "Fn::FindInMap",
                    "Fn::Equals",
                    "Fn::Not",
                    "Condition",
                    "Fn::ForEach::X",
                    "Fn::Transform",
                    "Fn::ToJsonString",
                    "Fn::Length",
                    "Fn::Cidr",
                    "Type",
                    "Properties",
                    "a",
                ]
            ),
            inner,
            max_size=2,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), WRONG), min_size=1, max_size=3))
def test_wrong_types_in_wrong_places_are_no_crash(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    data = RICH
    for target, new in changes:
        try:
            data = replaced(data, target, new)
        except (AttributeError, TypeError, ValueError):
            continue  # an earlier change has removed the place
    try:
        made = unit_from_template("t.json", json.dumps(data))
    except Unreadable as error:
        assert "NaN" in json.dumps(data) or "Infinity" in json.dumps(data), error
        return
    if made is not None:
        explore(made.stack)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_in_any_file_are_no_crash(noise: bytes) -> None:
    text = (b"Resources:\n  A::\n" + noise).decode("utf-8", "replace")
    for name in ("a.yaml", "a.json"):
        try:
            unit_from_template(name, text)
        except Unreadable as error:
            assert error.reason and error.span.line >= 1


def test_names_that_double_at_every_step_are_bounded() -> None:
    count = 60
    text = "Resources:\n  R0: {Type: AWS::IAM::Role, Properties: {RoleName: x}}\n" + "".join(
        f"  R{n}: {{Type: AWS::IAM::Role, Properties: {{RoleName: !Sub '${{R{n - 1}}}${{R{n - 1}}}'}}}}\n"
        for n in range(1, count)
    )
    stack = unit(text).stack(PathCondition())
    assert len(stack.roles) == count
    assert all(expanded(role.name) is not None for role in stack.roles)


def test_strings_that_double_at_every_step_are_bounded() -> None:
    written = "'x'"
    for _ in range(30):
        written = f"!Sub ['${{A}}${{A}}${{A}}', {{A: {written}}}]"
    stack = unit(
        f"Resources: {{R: {{Type: AWS::IAM::Role, Properties: {{RoleName: {written}}}}}}}"
    ).stack(PathCondition())
    why = why_not(stack.roles[0].name)
    assert why is not None and "longer than" in why.reason


@pytest.mark.parametrize("length", [60_000, 1_000_000])
def test_long_strings_are_read_as_far_as_a_field_may_hold_them(length: int) -> None:
    big = "é" * length
    stack = unit(
        f"Resources: {{R: {{Type: AWS::IAM::Role, Properties: {{RoleName: !Sub '{big}'}}}}}}"
    ).stack(PathCondition())
    name = stack.roles[0].name
    if length <= MAX_FIELD:
        assert getattr(name, "value", "") == big
    else:
        assert isinstance(name, Unknown)
        assert name.reason == "a text of 1,000,000 characters in 1 parts is none that AWS takes"


@pytest.fixture
def little_stack() -> Iterator[None]:
    """Room for so many frames as a host with a deep stack of its own leaves."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 750)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("little_stack")
def test_long_chains_of_resources_are_read_without_overflow() -> None:
    text = "Resources:\n" + "".join(
        f"  R{n}: {{Type: AWS::IAM::Role, Properties: {{RoleName: !Sub '${{R{n + 1}}}'}}}}\n"
        for n in range(800)
    )
    assert (
        len(unit(text + "  R800: {Type: AWS::IAM::Role}\n").stack(PathCondition()).of(Role)) == 801
    )


@pytest.mark.usefixtures("little_stack")
@pytest.mark.parametrize(
    "function",
    [
        lambda inner: {"Fn::If": ["C", inner, "y"]},
        lambda inner: {"Fn::If": ["U", inner, "y"]},
        lambda inner: {"Fn::Join": ["", [inner]]},
        lambda inner: {"Fn::Select": [0, [inner]]},
        lambda inner: {"Fn::Sub": ["${A}", {"A": inner}]},
        lambda inner: {"Fn::ImportValue": inner},
        lambda inner: {"a": inner},
        lambda inner: [inner],
        lambda inner: {"Fn::ToJsonString": [inner]},
        lambda inner: {"Fn::ForEach::X": ["A", ["b"], {"k": inner}]},
        lambda inner: {"Fn::FindInMap": ["M", "a", "b", {"DefaultValue": inner}]},
    ],
)
def test_deep_nesting_of_functions_is_no_overflow(function: Any) -> None:
    written: Any = "x"
    for _ in range(30):
        written = function(written)
    data = {
        "Conditions": {"C": {"Fn::Equals": ["a", "a"]}, "U": {"Fn::Equals": ["a", {"Ref": "x"}]}},
        "Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": written}}},
    }
    stack = read(data)
    assert stack is not None and len(stack.roles) == 1


@pytest.mark.usefixtures("little_stack")
def test_long_chains_of_imports_are_read_without_overflow(tmp_path: Path) -> None:
    text = (
        "Resources: {{R: {{Type: AWS::IAM::Role, Properties: {{RoleName: !ImportValue e{1}}}}}}}\n"
        "Outputs: {{O: {{Value: !ImportValue e{1}, Export: {{Name: e{0}}}}}}}\n"
    )
    files = {f"t{number}.yaml": text.format(number, number + 1) for number in range(60)}
    units = found(tmp_path, files).units
    assert len(units) == 60
    assert all(
        isinstance(each.stack(PathCondition()).roles[0].name, Unknown)
        for each in (units[0], units[-1])
    )


def test_a_large_template_is_read_whole(tmp_path: Path) -> None:
    resources = {
        f"R{n}": {
            "Type": "AWS::IAM::Role",
            "Properties": {"RoleName": f"r{n}", "Description": "x" * 2000},
        }
        for n in range(2500)
    }
    result = found(tmp_path, {"big.json": json.dumps({"Resources": resources}, indent=1)})
    assert (tmp_path / "big.json").stat().st_size > 5_000_000
    assert len(result.units[0].stack(PathCondition()).roles) == 2500


def test_a_hosts_tree_may_be_malformed() -> None:
    deep: Any = []
    for _ in range(200):
        deep = [deep]
    root = reading.from_decoded(
        {1: deep, "Resources": {"A": {"Type": {"x": "AWS::x"}, "Properties": None}}}
    )
    assert isinstance(root, nodes.MappingNode)
    assert (
        unit_from_template(
            "-", {"Resources": {"A": {"Type": "AWS::IAM::Role", "Properties": [deep]}}}
        )
        is not None
    )
    assert len(worlds("Resources: {A: {Type: AWS::IAM::Role, Properties: [1]}}")) == 1
