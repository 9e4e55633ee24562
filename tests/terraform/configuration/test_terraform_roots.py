"""Which directories are units of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from terraform_trees import PROVIDER, found, role

from ecs_preflight.adapters.units import Found, Inputs, Tree
from ecs_preflight.symbolic.source import Boundary
from ecs_preflight.symbolic.worlds import PathCondition
from ecs_preflight.terraform import find
from ecs_preflight.terraform.configuration import unit as unit_module
from ecs_preflight.terraform.configuration.unit import RootModule


def units(report: Found, root: Path) -> dict[str, bool]:
    """Each unit's folder, and whether it is reusable."""
    return {
        str(unit.module.folder.relative_to(root)): unit.reusable
        for unit in report.units
        if isinstance(unit, RootModule)
    }


@pytest.mark.parametrize(
    ("files", "reusable"),
    [
        ({"main.tf": PROVIDER}, False),
        ({"main.tf": 'terraform {\n  backend "s3" {}\n}'}, False),
        ({"main.tf": "terraform {\n  cloud {}\n}"}, False),
        ({"main.tf": role('"a"'), "prod.tfvars": ""}, False),
        ({"main.tf": role('"a"')}, True),
        ({"main.tf": 'terraform {\n  required_version = ">= 1"\n}'}, True),
    ],
)
def test_a_directory_nobody_calls_is_a_root_or_a_module_judged_alone(
    tmp_path: Path, files: dict[str, str], reusable: bool
) -> None:
    assert units(found(tmp_path, files), tmp_path) == {".": reusable}


@pytest.mark.parametrize(
    ("provider", "reusable"),
    [
        ('provider "aws" {\n  region = "eu-west-1"\n}', False),
        ('provider "aws" {\n  assume_role {\n    role_arn = "x"\n  }\n}', False),
        ('provider "aws" {}', True),
        ('provider "aws" {\n  alias = "other"\n}', True),
    ],
)
def test_what_calls_a_module_with_a_provider_of_its_own_is_a_root(
    tmp_path: Path, provider: str, reusable: bool
) -> None:
    files = {
        "main.tf": 'module "app" { source = "./app" }',
        "app/main.tf": 'module "role" { source = "./role" }',
        "app/role/main.tf": provider + "\n" + role('"a"'),
    }
    assert units(found(tmp_path, files), tmp_path) == {".": reusable}


def test_a_called_directory_is_judged_with_its_callers(tmp_path: Path) -> None:
    report = found(
        tmp_path,
        {
            "envs/dev/main.tf": PROVIDER + 'module "app" { source = "../../modules/app" }',
            "envs/prod/main.tf": PROVIDER + 'module "app" { source = "../../modules/app" }',
            "modules/app/main.tf": 'module "role" { source = "./role" }',
            "modules/app/role/main.tf": role('"a"'),
            "modules/unused/main.tf": role('"b"'),
        },
    )
    assert units(report, tmp_path) == {
        "envs/dev": False,
        "envs/prod": False,
        "modules/unused": True,
    }


def test_a_module_outside_the_given_path_is_followed(tmp_path: Path) -> None:
    report = found(
        tmp_path,
        {
            "envs/dev/main.tf": PROVIDER + 'module "app" { source = "../../modules/app" }',
            "modules/app/main.tf": role('"a"'),
        },
        None,
        "envs/dev",
    )
    assert list(units(report, tmp_path)) == ["envs/dev"]
    assert {path.rsplit("/", 2)[-2] for path in report.files} == {"dev", "app"}


def test_a_given_file_means_its_directory(tmp_path: Path) -> None:
    report = found(
        tmp_path,
        {"main.tf": PROVIDER, "more.tf": role('"a"'), "sub/main.tf": role('"b"')},
        None,
        "main.tf",
    )
    assert list(units(report, tmp_path)) == ["."]
    assert {path.rsplit("/", 1)[-1] for path in report.files} == {"main.tf", "more.tf"}


def test_modules_that_call_each_other_in_a_circle_are_not_lost(tmp_path: Path) -> None:
    report = found(
        tmp_path,
        {
            "a/main.tf": 'module "b" { source = "../b" }' + role('"a"'),
            "b/main.tf": 'module "a" { source = "../a" }',
        },
    )
    assert list(units(report, tmp_path)) == ["a"]  # the first of the circle


def test_nothing_is_found_in_an_empty_tree(tmp_path: Path) -> None:
    assert find(Tree(Boundary(tmp_path), (), (tmp_path,)), Inputs()) == Found()


def test_comments_for_the_tool_are_handed_on(tmp_path: Path) -> None:
    report = found(tmp_path, {"main.tf": PROVIDER + "# ecs-preflight: ignore ECS601\n# other\n"})
    assert [(line, text.strip()) for _, line, text in report.comments] == [
        (2, "ecs-preflight: ignore ECS601")
    ]


def test_a_stack_names_its_files_and_calls(tmp_path: Path) -> None:
    report = found(
        tmp_path, {"main.tf": PROVIDER + 'module "m" { source = "./m" }', "m/main.tf": role('"a"')}
    )
    stack = report.units[0].stack(PathCondition())
    assert [path.rsplit("/", 1)[-1] for path in stack.files] == ["main.tf", "main.tf"]
    assert stack.calls["module.m"].span.line == 2 and not stack.reusable
    assert [role_.address for role_ in stack.roles] == ["module.m.aws_iam_role.r"]


@pytest.mark.parametrize(
    ("files", "needed"),
    [
        ({"main.tf": 'resource "aws_sqs_queue" "q" {}'}, False),
        ({"main.tf": 'module "m" {\n  source = "./m"\n}', "m/m.tf": 'output "a" { value = 1 }'}, False),
        ({"main.tf": 'resource "aws_iam_role" "r" {}'}, True),
        ({"main.tf": 'data "aws_s3_bucket" "b" {}'}, True),
        ({"main.tf": 'module "m" {\n  source = "./m"\n}', "m/m.tf": 'resource "aws_kms_key" "k" {}'}, True),
        ({"main.tf": 'module "m" {\n  source = "a/b/aws"\n}'}, True),
        ({"main.tf": 'resource "aws_sqs_queue" "q" {}', "broken.tf": "resource {"}, True),
    ],
)  # fmt: skip
def test_what_holds_no_type_that_is_read_is_not_evaluated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], needed: bool
) -> None:
    (unit,) = found(tmp_path, files).units
    whole = unit.stack(PathCondition())
    evaluations: list[object] = []
    real = unit_module.evaluated
    monkeypatch.setattr(unit_module, "evaluated", lambda *a: evaluations.append(a) or real(*a))
    assert unit.stack(PathCondition()).files == whole.files
    assert bool(evaluations) is needed
    if not needed:
        assert (whole.resources, whole.unread) == ((), ())
        contents = real(unit, PathCondition())
        assert (contents.declared, set(contents.files)) == ((), set(whole.files))
