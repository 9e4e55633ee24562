"""What another world takes over from the default one is what it would have computed itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from sampling import Sample, samples
from terraform_trees import found

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis.discovery import discover
from ecs_preflight.symbolic.values import Known, literal
from ecs_preflight.symbolic.worlds import PathCondition, explore
from ecs_preflight.terraform import find
from ecs_preflight.terraform.configuration.unit import RootModule

SAMPLES = [sample for sample in samples() if sample.language == "terraform"]

MODULES = {
    "main.tf": """
        provider "aws" {}
        variable "name" {}
        variable "twice" {
          type    = bool
          default = false
        }
        locals {
          fixed = { for key in ["a", "b"] : key => upper(key) }
          whole = aws_iam_role.own
        }
        module "child" {
          source   = "./child"
          for_each = var.twice ? { one = "1", two = "2" } : { one = "x" }
          value    = each.value
        }
        resource "aws_iam_role" "own" {
          for_each           = var.twice ? local.fixed : { a = var.name == "prod" ? "P" : "D" }
          name               = each.value
          assume_role_policy = "{}"
        }
        resource "aws_iam_role" "other" {
          name               = "${local.whole["a"].name}-${module.child["one"].name}"
          assume_role_policy = "{}"
        }
        """,
    "child/main.tf": """
        variable "value" {}
        resource "aws_iam_role" "this" {
          name               = "role-${var.value}"
          assume_role_policy = "{}"
        }
        output "name" { value = aws_iam_role.this.name }
        """,
}


def assert_as_computed_alone(units: list[RootModule]) -> int:
    """How many worlds there are."""
    count = 0
    for unit in units:
        for scenario in explore(unit.stack):
            choice = scenario.choice
            alone = unit.stack(PathCondition({choice.symbol: choice} if choice else {}))
            assert repr(scenario.built) == repr(alone), (unit.name, choice)
            count += 1
    return count


def test_worlds_that_share_results_are_as_if_they_did_not(tmp_path: Path) -> None:
    units = [unit for unit in found(tmp_path, MODULES).units if isinstance(unit, RootModule)]
    assert assert_as_computed_alone(units) == 4


def test_a_module_whose_instances_differ_is_computed_anew(tmp_path: Path) -> None:
    (unit,) = found(tmp_path, MODULES).units
    names = {
        str(scenario.choice): {role.address: literal(role.name) for role in scenario.built.roles}
        for scenario in explore(unit.stack)
    }
    twice = names["var.twice is true"]
    assert twice['module.child["one"].aws_iam_role.this'] == "role-1"
    assert twice["aws_iam_role.other"] == "A-role-1"
    assert names["None"]['module.child["one"].aws_iam_role.this'] == "role-x"
    assert names["var.name is prod"]["aws_iam_role.other"] == "P-role-x"


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_the_worlds_of_a_sample_are_as_if_they_shared_nothing(sample: Sample) -> None:
    trees = discover([sample.path], root=sample.path).trees
    assert assert_as_computed_alone(
        [
            unit
            for tree in trees
            for unit in find(tree, Inputs()).units
            if isinstance(unit, RootModule)
        ]
    )


def test_a_result_is_shared_only_where_it_asked_for_nothing_that_differs() -> None:
    counted: list[str] = []

    def build(path_condition: PathCondition) -> tuple[object, object, object]:
        def asks() -> object:
            counted.append("asks")
            return path_condition.input("var.a", Known(True), (True, False))

        def nested() -> object:
            counted.append("nested")
            return path_condition.once("asks", asks)

        def plain() -> object:
            counted.append("plain")
            return 1

        return (
            path_condition.once("nested", nested),
            path_condition.once("asks", asks),
            path_condition.once("plain", plain),
        )

    built = [scenario.built for scenario in explore(build)]
    assert built == [(Known(True), Known(True), 1), (Known(False), Known(False), 1)]
    assert counted == ["nested", "asks", "plain", "nested", "asks"]


def test_what_was_asked_is_not_copied_for_each_result() -> None:
    """A unit asks for as much as it has values: copied for each of them, it takes the square."""
    path_condition = PathCondition()
    asked = path_condition._asked
    path_condition.once("a", lambda: path_condition.input("var.a", Known(True), (True, False)))
    assert path_condition._asked is asked and len(asked) == 1


def test_what_is_refused_in_a_list_makes_its_world_impossible(tmp_path: Path) -> None:
    """But for a list that no conditional takes in that world."""
    code = """
        provider "aws" {}
        variable "on" {
          type    = bool
          default = true
        }
        resource "aws_iam_role" "own" {
          count              = var.on ? 1 : 0
          assume_role_policy = "{}"
        }
        locals {
          arns = var.on ? [aws_iam_role.own[0].arn] : []
        }
        resource "aws_iam_role" "other" {
          name               = join("", %s)
          assume_role_policy = "{}"
        }
        """
    for told, worlds in (("local.arns", 2), ("[aws_iam_role.own[0].arn]", 1)):
        (unit,) = found(tmp_path, {"main.tf": code % told}).units
        assert len(explore(unit.stack)) == worlds


@pytest.mark.parametrize(
    ("variable", "condition", "worlds"),
    [
        ("", 'var.role == ""', ["None", 'var.role is ""']),
        ("default = null", "var.role == null", ["None", "(var.role == null) is false"]),
        ("", 'var.role == "" || var.role == "a"', None),
    ],
)
def test_an_input_without_a_default_is_given(
    tmp_path: Path, variable: str, condition: str, worlds: list[str] | None
) -> None:
    code = f"""
        provider "aws" {{}}
        variable "role" {{
          {variable}
        }}
        resource "aws_iam_role" "own" {{
          name               = {condition} ? "own" : "other"
          assume_role_policy = "{{}}"
        }}
        """
    (unit,) = found(tmp_path, {"main.tf": code}).units
    scenarios = explore(unit.stack)
    told = [str(scenario.choice) for scenario in scenarios]
    if worlds is None:
        assert {"var.role is a", 'var.role is ""', "var.role is anything else"} < set(told)
        return
    assert told == worlds
    assert [s.deviates for s in scenarios[1:]] == [True]
    assert literal(scenarios[0].built.roles[0].name) == ("own" if variable else "other")
