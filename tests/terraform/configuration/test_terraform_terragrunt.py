"""Terragrunt files: local modules with their inputs; what Terragrunt computes is unknown."""

from __future__ import annotations

from pathlib import Path

import pytest
from terraform_trees import found, role

from ecs_preflight.adapters.units import Found
from ecs_preflight.analysis.scan import Options, scan
from ecs_preflight.symbolic.values import Known, Unknown, Value, Why, literal
from ecs_preflight.symbolic.worlds import PathCondition
from ecs_preflight.terraform.configuration import terragrunt, unit
from ecs_preflight.terraform.configuration.unit import RootModule, evaluated

APP = {
    "modules/app/main.tf": 'variable "name" {}\nvariable "other" { default = "d" }'
    + role('"${var.name}${var.other}"')
}


def test_a_local_module_is_deployed_with_its_inputs_once_for_each_file(tmp_path: Path) -> None:
    report = found(
        tmp_path,
        {
            **APP,
            "live/dev/terragrunt.hcl": 'terraform {\n source = "../..//modules/app"\n}\n'
            'locals { env = "dev" }\ninputs = { name = "${local.env}-app" }',
            "live/prod/terragrunt.hcl": 'terraform {\n source = "../../modules/app"\n}\n'
            'inputs = { name = "prod", other = dependency.x.outputs.y }',
            "terragrunt.hcl": 'remote_state {\n backend = "s3"\n}',
        },
    )
    units = [unit for unit in report.units if isinstance(unit, RootModule)]
    assert [(unit.name.rsplit("/", 1)[-1], unit.reusable) for unit in units] == [
        ("dev", False),
        ("prod", False),
    ]
    names = [evaluated(unit, PathCondition()).declared[0].body.get("name") for unit in units]
    assert names[0] == Known("dev-appd") and literal(names[1]) is None


def test_a_module_is_deployed_by_whichever_way_its_source_leads_there(tmp_path: Path) -> None:
    file = """
        include "root" {
          path   = find_in_parent_folders("root.hcl")
          expose = true
        }
        terraform {
          source = "${get_parent_terragrunt_dir("root")}/..//modules/app"
        }
        inputs = { name = "app" }
    """
    written = {**APP, "live/root.hcl": "locals {}", "live/dev/terragrunt.hcl": file}
    report = found(tmp_path, written)
    assert [unit.name.rsplit("/", 1)[-1] for unit in report.units] == ["dev"]


def test_an_included_file_may_set_what_the_inputs_leave_out(tmp_path: Path) -> None:
    report = found(
        tmp_path,
        {
            **APP,
            "live/terragrunt.hcl": """
        include "root" { path = find_in_parent_folders() }
        terraform { source = "../modules/app" }
        inputs = { name = "a" }""",
        },
    )
    unit = report.units[0]
    assert isinstance(unit, RootModule)
    declared = evaluated(unit, PathCondition()).declared[0]
    assert literal(declared.body.get("name")) is None


def test_a_remote_module_is_named_as_unread(tmp_path: Path) -> None:
    report = found(
        tmp_path, {"live/terragrunt.hcl": 'terraform {\n source = "git::https://e.org/m.git"\n}'}
    )
    unit = report.units[0]
    assert isinstance(unit, RootModule)
    unread = evaluated(unit, PathCondition()).surroundings.unread
    assert [u.why for u in unread] == [Why.MODULE] and unread[0].reason.endswith(
        "is not downloaded"
    )
    assert unread[0].span.line == 2


def test_what_is_generated_is_named_as_unread(tmp_path: Path) -> None:
    report = found(
        tmp_path,
        {
            "live/terragrunt.hcl": 'include "root" {\n path = "../root.hcl"\n}\nterraform {\n source = "../module"\n}',
            "root.hcl": 'generate "role" {\n path = "r.tf"\n contents = get_env("ROLE")\n}',
            "module/main.tf": "",
        },
    )
    unit = next(
        unit
        for unit in report.units
        if isinstance(unit, RootModule) and unit.title.endswith("live")
    )
    unread = evaluated(unit, PathCondition()).surroundings.unread
    assert [gap.reason for gap in unread] == ["what 'generate' writes for 'role' is not read"]
    assert unread[0].span.file.endswith("root.hcl")


def generated(tmp_path: Path, contents: str, child: str = "") -> RootModule:
    """What is deployed of a module that has a role, beside what its root file generates."""
    report = found(
        tmp_path,
        {
            "root.hcl": 'locals {\n  region = "eu-west-1"\n}\n'
            f'generate "more" {{\n  path = "more.tf"\n  contents = {contents}\n}}\n',
            "live/terragrunt.hcl": 'include "root" {\n path = "../root.hcl"\n}\n'
            'terraform {\n source = "../module"\n}\ninputs = { name = "api" }\n' + child,
            "module/main.tf": role('"${var.name}"'),
        },
    )
    units = [unit for unit in report.units if isinstance(unit, RootModule)]
    return next(unit for unit in units if unit.title.endswith("live"))


@pytest.mark.parametrize(
    ("contents", "line"),
    [
        ('<<EOF\nvariable "name" {}\nprovider "aws" {\n  region = "eu-west-1"\n}\nEOF', 7),
        ('<<EOF\nvariable "name" {}\nprovider "aws" {\n  region = "${local.region}"\n}\nEOF', 1),
        ('<<-EOF\n    variable "name" {}\n    provider "aws" { region = "eu-west-1" }\n  EOF', 1),
        ('"variable \\"name\\" {}\\nprovider \\"aws\\" {\\n region = \\"eu-west-1\\"\\n}"', 1),
    ],
)
def test_generated_declarations_are_the_modules(tmp_path: Path, contents: str, line: int) -> None:
    unit = generated(tmp_path, contents)
    stack = evaluated(unit, PathCondition())
    assert not stack.surroundings.unread
    assert stack.declared[0].body.get("name") == Known("api")
    assert unit.module.variables["name"].span.line == line
    assert literal(stack.target.region) == "eu-west-1"


def test_generated_resources_are_read_where_their_text_stands(tmp_path: Path) -> None:
    bucket = 'variable "name" {}\n' + role('"second"').replace('"r"', '"s"')
    unit = generated(tmp_path, f"<<EOF\n{bucket}\nEOF")
    names = [declared.body.get("name") for declared in evaluated(unit, PathCondition()).declared]
    assert names == [Known("api"), Known("second")]
    unit = generated(tmp_path, f"<<EOF\n{bucket}\n# ${{local.region}}\nEOF")
    unread = evaluated(unit, PathCondition()).surroundings.unread
    assert [gap.reason for gap in unread] == ["what 'generate' writes for 'more' is not read"]


def test_what_a_unit_generates_replaces_what_it_includes(tmp_path: Path) -> None:
    contents = '<<EOF\nvariable "name" {}\nEOF'
    child = f'generate "more" {{\n  path = "more.tf"\n  contents = {contents}\n}}\n'
    unit = generated(tmp_path, 'get_env("MORE")', child)
    assert not evaluated(unit, PathCondition()).surroundings.unread
    assert evaluated(unit, PathCondition()).declared[0].body.get("name") == Known("api")


def test_what_does_not_parse_is_unread(tmp_path: Path) -> None:
    unit = generated(tmp_path, '<<EOF\nvariable "name" {\nEOF')
    assert len(evaluated(unit, PathCondition()).surroundings.unread) == 1


def test_generated_providers_and_settings_leave_nothing_unread(tmp_path: Path) -> None:
    contents = (
        'provider "aws" {\n  region = "${local.region}"\n}\nterraform {\n  backend "s3" {}\n}'
    )
    report = found(
        tmp_path,
        {
            "live/terragrunt.hcl": 'terraform {\n source = "../module"\n}\n'
            f'generate "provider" {{\n path = "p.tf"\n contents = <<EOF\n{contents}\nEOF\n}}',
            "module/main.tf": "",
        },
    )
    unit = next(
        unit
        for unit in report.units
        if isinstance(unit, RootModule) and unit.title.endswith("live")
    )
    assert not evaluated(unit, PathCondition()).surroundings.unread


def test_a_broken_file_is_reported(tmp_path: Path) -> None:
    report = found(tmp_path, {"terragrunt.hcl": "inputs = {{{"})
    assert not report.units and len(report.unreadable) == 1


def test_the_files_own_directory_is_the_module_where_none_is_named(tmp_path: Path) -> None:
    report = found(
        tmp_path,
        {"main.tf": APP["modules/app/main.tf"], "terragrunt.hcl": 'inputs = { name = "a" }'},
    )
    assert len(report.units) == 1 and isinstance(report.units[0], RootModule)
    assert evaluated(report.units[0], PathCondition()).declared[0].body.get("name") == Known("ad")


def test_a_cycle_of_locals_ends(tmp_path: Path) -> None:
    report = found(
        tmp_path,
        {
            **APP,
            "live/terragrunt.hcl": """
        locals {
          a = local.b
          b = local.a
        }
        terraform { source = "../modules/app" }
        inputs = { name = local.a }""",
        },
    )
    unit = report.units[0]
    assert isinstance(unit, RootModule)
    value = unit.given.values["name"]
    assert isinstance(value, Unknown) and "refers to itself" in value.reason


def names_of(report: Found) -> dict[str, Value]:
    """The name of the role that each unit makes, by the unit's directory."""
    return {
        unit.name.rsplit("/", 1)[-1]: evaluated(unit, PathCondition()).declared[0].body.get("name")
        for unit in report.units
        if isinstance(unit, RootModule)
    }


def test_inputs_of_included_and_of_read_files_are_followed(tmp_path: Path) -> None:
    report = found(
        tmp_path,
        {
            **APP,
            "live/root.hcl": """
            locals { env = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals.env }
            inputs = { name = "${local.env}-${path_relative_to_include()}", other = "o" }""",
            "live/prod/env.hcl": 'locals { env = "prod" }',
            "live/prod/one/terragrunt.hcl": """
            include "root" {
              path   = find_in_parent_folders("root.hcl")
              expose = true
            }
            terraform { source = "${dirname(find_in_parent_folders("root.hcl"))}/../modules//app" }""",
            "live/prod/two/terragrunt.hcl": """
            include "root" {
              path   = find_in_parent_folders("root.hcl")
              expose = true
            }
            terraform { source = get_env("LOCAL") == "" ? "git::https://e.org/m.git" : "../../../modules/app" }
            inputs = { other = include.root.locals.env }""",
        },
    )
    assert {name: literal(value) for name, value in names_of(report).items()} == {
        "one": "prod-prod/oneo",
        "two": "prod-prod/twoprod",
    }


def test_what_an_included_file_does_not_know_stays_open(tmp_path: Path) -> None:
    report = found(
        tmp_path,
        {
            **APP,
            "live/terragrunt.hcl": 'inputs = { name = get_env("NAME"), other = dependency.x.outputs.o }',
            "live/a/terragrunt.hcl": """
            include { path = find_in_parent_folders() }
            terraform { source = "../../modules/app" }""",
            "live/b/terragrunt.hcl": """
            include "root" {
              path           = find_in_parent_folders()
              merge_strategy = "deep"
            }
            terraform {
              source = "../../modules/app"
              extra_arguments "more" { commands = ["plan"] }
            }
            inputs = { name = "b" }""",
        },
    )
    assert {name: literal(value) for name, value in names_of(report).items()} == {
        "a": None,
        "b": None,
    }
    other = next(
        unit for unit in report.units if isinstance(unit, RootModule) and unit.name.endswith("b")
    )
    assert other.given.remainder is not None and "extra argument" in other.given.remainder.reason


@pytest.mark.parametrize(
    "text",
    [
        'include { path = "./terragrunt.hcl" }',
        'include { path = "../a/terragrunt.hcl" }',
        "include {}",
        'include { path = "/etc/passwd" }',
        'include { path = "\\u0000" }',
        "locals { a = read_terragrunt_config() }",
        'locals { a = read_terragrunt_config("terragrunt.hcl").locals.a }',
        "locals { a = get_parent_terragrunt_dir() }",
        'locals { a = path_relative_to_include("x", "y") }',
        "locals { a = find_in_parent_folders(1) }",
    ],
)
def test_files_that_lead_nowhere_or_to_themselves_end(tmp_path: Path, text: str) -> None:
    report = found(
        tmp_path,
        {
            **APP,
            "live/a/terragrunt.hcl": f"""
        {text}
        terraform {{ source = "../../modules/app" }}
        inputs = {{ name = local.a }}""",
        },
    )
    assert len(report.units) == 1 and literal(names_of(report)["a"]) is None


ROLE = """
resource "aws_iam_role" "exec" {
  name_prefix = "exec"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "SERVICE" } }
  ] })
}
output "role_arn" { value = aws_iam_role.exec.arn }
output "named" { value = { exec = aws_iam_role.exec.arn } }
"""
TASK = """
variable "role" {}
resource "aws_ecs_task_definition" "app" {
  family             = "app"
  execution_role_arn = var.role
  container_definitions = jsonencode([{
    name = "app", image = "public.ecr.aws/x/y", memory = 256
    secrets = [{ name = "A", valueFrom = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf" }]
  }])
}
"""
IAM_UNIT = 'terraform {\n  source = "../../modules/iam"\n}\n'
APP_UNIT = 'terraform {\n  source = "../../modules/app"\n}\ninputs = { role = %s }\n'
DEPENDENCY = """
dependency "iam" {
  config_path = "%s"
  mock_outputs = { role_arn = "arn:aws:iam::111122223333:role/mock" }
}
"""


@pytest.mark.parametrize(
    ("service", "read", "path", "found", "undecided"),
    [
        ("ecs-tasks.amazonaws.com", "dependency.iam.outputs.role_arn", "../iam", {"ECS605"}, False),
        ("ecs.amazonaws.com", "dependency.iam.outputs.role_arn", "../iam", {"ECS502", "ECS605"}, False),
        ("ecs-tasks.amazonaws.com", 'dependency.iam.outputs.named["exec"]', "../iam", {"ECS605"}, False),
        ("ecs.amazonaws.com", "dependency.iam.outputs.role_arn", "../elsewhere", set(), True),
        ("ecs.amazonaws.com", "dependency.iam.outputs.other", "../iam", set(), True),
        ("ecs.amazonaws.com", "dependency.other.outputs.role_arn", "../iam", set(), True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_included", [False, True])
def test_the_outputs_of_a_dependency_are_known(
    tmp_path: Path,
    service: str,
    read: str,
    path: str,
    found: set[str],
    undecided: bool,
    is_included: bool,
) -> None:
    app, dependency = APP_UNIT % read, DEPENDENCY % path
    include = 'include "app" {\n  path = "../../common.hcl"\n}\n'
    files = {
        "modules/iam/main.tf": ROLE.replace("SERVICE", service),
        "modules/app/main.tf": TASK,
        "live/iam/terragrunt.hcl": IAM_UNIT,
        "live/app/terragrunt.hcl": include + app if is_included else app + dependency,
        **({"common.hcl": dependency} if is_included else {}),
    }
    (tmp_path / ".git").mkdir()
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    report = scan([tmp_path], Options(root=tmp_path))
    assert {f.rule for f in report.findings} - {"ECS506"} == found
    assert ("ECS605" in {o.rule for o in report.undecided}) is undecided


def test_what_stands_around_many_units_is_worked_out_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = 6
    files = {"modules/a/main.tf": 'variable "x" {}\noutput "y" { value = var.x }' + role("var.x")}
    source = 'terraform { source = "../../modules/a" }\n'
    files["live/common/terragrunt.hcl"] = source + 'inputs = { x = "c" }'
    for number in range(units):
        files[f"live/u{number}/terragrunt.hcl"] = (
            f'{source}dependency "c" {{ config_path = "../common" }}\n'
            "inputs = { x = dependency.c.outputs.y }"
        )
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    asked: list[object] = []
    renamed: list[object] = []

    def dependencies(*arguments: object, found: object = terragrunt._dependencies) -> object:
        asked.append(arguments)
        return found(*arguments)  # type: ignore[operator]

    def as_named(item: object, rename: object, found: object = unit.as_named) -> object:
        renamed.append(item)
        return found(item, rename)  # type: ignore[operator]

    monkeypatch.setattr(terragrunt, "_dependencies", dependencies)
    monkeypatch.setattr(unit, "as_named", as_named)
    report = scan([tmp_path], Options(root=tmp_path, jobs=1, exclude=("modules",)))
    assert report.stats.stacks == units + 1
    assert len(asked) == units
    # Each unit once for the others, and of what these see only what names them.
    assert len(renamed) == units + 1


def test_what_terragrunt_computes_may_hang_on_the_variable_of_a_loop(tmp_path: Path) -> None:
    source = 'terraform {\n source = "../modules/app"\n}\n'
    read = '[for f in ["a", "b"] : read_terragrunt_config("${f}.hcl").inputs.n]'
    tree = {
        **APP,
        "live/a.hcl": 'inputs = { n = "x" }',
        "live/b.hcl": 'inputs = { n = "y" }',
        "live/terragrunt.hcl": source + f'inputs = {{ name = join("-", {read}) }}',
    }
    unit = found(tmp_path, tree).units[0]
    assert isinstance(unit, RootModule)
    assert unit.given.values["name"] == Known("x-y")


def test_a_long_chain_of_files_costs_nothing_else(tmp_path: Path) -> None:
    tree = {
        "m/main.tf": 'variable "x" {}\n',
        "u/terragrunt.hcl": 'include "a" {\n path = "0.hcl"\n}',
    }
    for level in range(600):
        above = f'"{level + 1}.hcl"'
        tree[f"u/{level}.hcl"] = (
            f'include "a" {{\n path = {above}\n}}\n'
            f"locals {{\n x = read_terragrunt_config({above})\n}}\n"
            "inputs = { x = local.x }\n"
        )
    source = 'terraform {\n source = "../m"\n}\n'
    tree["u/terragrunt.hcl"] += f"\n{source}"
    tree["v/terragrunt.hcl"] = f'{source}inputs = {{ x = "v" }}\n'
    units = found(tmp_path, tree).units
    given = {unit.name[-1]: unit.given.values for unit in units if isinstance(unit, RootModule)}
    assert given["v"] == {"x": Known("v")} and "u" in given
