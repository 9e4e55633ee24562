"""Variables: types, defaults, variable files, the environment, and the worlds they open."""

from __future__ import annotations

from pathlib import Path

import pytest
from terraform_trees import PROVIDER, contents, found, name_of, role

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Entries, Known, Unknown, Value, Why, literal
from ecs_preflight.symbolic.worlds import Choice, PathCondition
from ecs_preflight.terraform.configuration.unit import RootModule, evaluated

STRING = 'variable "name" {\n  type = string\n  default = "default"\n}\n'


def value(
    root: Path,
    files: dict[str, str],
    inputs: Inputs | None = None,
    path_condition: PathCondition | None = None,
) -> Value:
    return name_of(
        contents(root, {"main.tf": PROVIDER + role("var.name"), **files}, inputs, path_condition)
    )


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, "environment"),
        ({"terraform.tfvars": 'name = "tfvars"'}, "tfvars"),
        (
            {"terraform.tfvars": 'name = "tfvars"', "terraform.tfvars.json": '{"name": "json"}'},
            "json",
        ),
        (
            {
                "terraform.tfvars.json": '{"name": "json"}',
                "b.auto.tfvars": 'name = "b"',
                "a.auto.tfvars.json": '{"name": "a"}',
            },
            "b",
        ),
        ({"a.auto.tfvars": 'name = "a"', "prod.tfvars": 'name = "prod"'}, "a"),
    ],
)
def test_the_strongest_source_of_a_value_wins(
    tmp_path: Path, files: dict[str, str], expected: str
) -> None:
    inputs = Inputs(environment={"TF_VAR_name": "environment", "HOME": "x"})
    assert literal(value(tmp_path, {"v.tf": STRING, **files}, inputs)) == expected


def test_a_variable_file_of_the_command_line_is_the_strongest(tmp_path: Path) -> None:
    (tmp_path / "prod.tfvars").write_text('name = "prod"\nundeclared = 1')
    inputs = Inputs(var_files=(tmp_path / "prod.tfvars",))
    assert value(tmp_path, {"v.tf": STRING, "x.auto.tfvars": 'name = "x"'}, inputs) == Known("prod")


def test_the_default_counts_when_nobody_gives_a_value(tmp_path: Path) -> None:
    assert value(tmp_path, {"v.tf": STRING}) == Known("default")


def test_without_default_a_variable_is_unknown(tmp_path: Path) -> None:
    got = value(tmp_path, {"v.tf": 'variable "name" {}'})
    assert got == Unknown("variable 'name' has no value", Name("var.name"))
    assert isinstance(got, Unknown) and got.why is Why.INPUT


def test_values_become_the_declared_type(tmp_path: Path) -> None:
    got = value(
        tmp_path,
        {
            "v.tf": 'variable "name" {\n'
            ' type = object({ port = string, host = optional(string, "h") })\n}',
            "terraform.tfvars": "name = { port = 80, extra = 1 }",
        },
    )
    assert isinstance(got, Entries)
    assert dict(got.entries) == {"port": Known("80"), "host": Known("h")}


def test_a_collection_from_the_environment_is_an_expression(tmp_path: Path) -> None:
    got = value(
        tmp_path,
        {"v.tf": 'variable "name" { type = map(string) }'},
        Inputs(environment={"TF_VAR_name": '{ a = "b" }'}),
    )
    assert isinstance(got, Entries) and got.get("a") == Known("b")
    broken = value(tmp_path, {}, Inputs(environment={"TF_VAR_name": "{ a ="}))
    assert isinstance(broken, Unknown)


def test_null_is_the_default_where_null_is_not_allowed(tmp_path: Path) -> None:
    got = value(
        tmp_path,
        {
            "v.tf": 'variable "name" {\n default = "d"\n nullable = false\n}',
            "terraform.tfvars": "name = null",
        },
    )
    assert got == Known("d")
    assert value(tmp_path, {"v.tf": 'variable "name" { default = "d" }'}) == Known(None)


def test_a_broken_variable_file_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    files = {
        "main.tf": PROVIDER + role("var.name"),
        "v.tf": STRING,
        "terraform.tfvars": "name = {{{",
        "a.auto.tfvars.json": "[1]",
        "b.auto.tfvars.json": "{",
    }
    report = found(tmp_path, files)
    assert sorted(fault.path.rsplit("/", 1)[-1] for fault in report.unreadable) == [
        "a.auto.tfvars.json",
        "b.auto.tfvars.json",
        "terraform.tfvars",
    ]
    assert name_of(contents(tmp_path, {})) == Known("default")


# -- worlds --------------------------------------------------------------------------------------

BOOL = 'variable "name" {\n  type = bool\n  default = false\n}\n'


def test_a_bool_with_a_default_is_tried_the_other_way_too(tmp_path: Path) -> None:
    path_condition = PathCondition()
    assert value(tmp_path, {"v.tf": BOOL}, path_condition=path_condition) == Known(False)
    decision_point = path_condition.decision_points[Name("var.name")]
    assert [option.value for option in decision_point.options] == [
        True,
        False,
    ] and decision_point.default == 1
    other = PathCondition({Name("var.name"): Choice(Name("var.name"), True)})
    assert value(tmp_path, {}, path_condition=other) == Known(True)


def test_a_bool_that_the_user_sets_is_no_choice(tmp_path: Path) -> None:
    path_condition = PathCondition()
    assert value(
        tmp_path, {"v.tf": BOOL, "terraform.tfvars": "name = true"}, path_condition=path_condition
    ) == Known(True)
    assert not path_condition.decision_points


def test_a_bool_without_default_has_two_worlds_and_no_default_one(tmp_path: Path) -> None:
    path_condition = PathCondition()
    assert isinstance(
        value(tmp_path, {"v.tf": 'variable "name" { type = bool }'}, path_condition=path_condition),
        Unknown,
    )
    assert path_condition.decision_points[Name("var.name")].default is None
    assert len(path_condition.decision_points[Name("var.name")].options) == 2


def test_a_validation_lists_the_values_of_a_string(tmp_path: Path) -> None:
    path_condition = PathCondition()
    got = value(
        tmp_path,
        {
            "v.tf": """
        variable "name" {
          default = "dev"
          validation {
            condition     = contains(["dev", "prod"], var.name)
            error_message = "no"
          }
        }"""
        },
        path_condition=path_condition,
    )
    assert got == Known("dev")
    assert [
        option.value for option in path_condition.decision_points[Name("var.name")].options
    ] == [
        "dev",
        "prod",
    ]


def test_a_default_that_a_caller_leaves_alone_is_fixed(tmp_path: Path) -> None:
    path_condition = PathCondition()
    got = contents(
        tmp_path,
        {
            "main.tf": PROVIDER + 'module "m" { source = "./m" }',
            "m/main.tf": BOOL
            + 'resource "aws_ecs_service" "s" { enable_execute_command = var.name }',
        },
        path_condition=path_condition,
    )
    assert got.declared[0].body.get("enable_execute_command") == Known(False)
    assert not path_condition.decision_points


def test_a_module_judged_alone_decides_nothing_by_its_defaults(tmp_path: Path) -> None:
    unit = found(
        tmp_path,
        {
            "main.tf": STRING
            + BOOL.replace("name", "flag")
            + """
        resource "aws_ecs_service" "s" {
          name                   = var.name
          enable_execute_command = var.flag
        }"""
        },
    ).units[0]
    assert isinstance(unit, RootModule) and unit.reusable
    path_condition = PathCondition()
    body = evaluated(unit, path_condition).declared[0].body
    assert body.get("name") == Unknown("the caller decides variable 'name'", Name("var.name"))
    assert isinstance(body.get("enable_execute_command"), Unknown)
    assert path_condition.decision_points[Name("var.flag")].default is None
