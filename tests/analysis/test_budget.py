"""Inputs that once took minutes: each is counted, so that a small budget ends them soon."""

from __future__ import annotations

import json
import random
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from ecs_preflight.adapters.units import Declared, Exported
from ecs_preflight.analysis import config, judge
from ecs_preflight.analysis.scan import Options, Report, scan, scan_unit
from ecs_preflight.cloudformation.template import assembly
from ecs_preflight.cloudformation.template.exports import Exports
from ecs_preflight.cloudformation.template.handles import Handle
from ecs_preflight.cloudformation.template.template import Template
from ecs_preflight.findings.finding import AnyOutcome
from ecs_preflight.findings.rule import Rule
from ecs_preflight.hosts import doctor
from ecs_preflight.model import Stack
from ecs_preflight.symbolic import budget, globs
from ecs_preflight.symbolic.source import Boundary
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Unknown, Value, Why
from ecs_preflight.symbolic.worlds import PathCondition, explore
from ecs_preflight.taskfiles import discovery
from ecs_preflight.terraform.configuration import unit

#: A part of what a unit has: enough for any sample.
STEPS = budget.UNIT_STEPS // 6
TASK = """
resource "aws_iam_role" "exec" {
  name               = "exec"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}
resource "aws_ecs_task_definition" "app" {
  family             = "app"
  execution_role_arn = aws_iam_role.exec.arn
  container_definitions = jsonencode([{ name = "app", image = "nginx", secrets = [%s] }])
}
"""
SECRETS = (
    'for i in range(0, 1000) : { name = "S${i}", valueFrom = '
    '"arn:aws:secretsmanager:eu-west-1:123456789012:secret:db${i}-AbCdEf" }'
)
POLICY = """
resource "aws_iam_role_policy" "p" {
  %s
  role   = aws_iam_role.exec.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [%s] })
}
"""


def used(text: str) -> str:
    """A local's value where it is asked for."""
    return f'locals {{ {text} }}\nresource "aws_ecs_cluster" "c" {{ name = jsonencode(local.x) }}'


def looped(call: str, made: str = '"k${a}"') -> str:
    return used(f"l = [for a in range(0, 1000) : {made}]\n x = [for i in range(0, 1000) : {call}]")


def shuffled(seed: int) -> str:
    """Names of the same letters: as like each other as can be without being it."""
    letters = [chr(0x4E00 + index) for index in range(300)]
    random.Random(seed).shuffle(letters)
    return "".join(letters)


KINDS = {
    "matchkeys": looped("matchkeys(local.l, local.l, local.l)"),
    "distinct": looped("distinct(local.l)", '{ k = "k${a}" }'),
    "setintersection": looped("setintersection(local.l, local.l)", '{ k = "k${a}" }'),
    "contains": looped('contains(local.l, { k = "x" })', '{ k = "k${a}" }'),
    "regex": looped('try(regex("(a|aa)+$", join("a", local.l)), 1)'),
    "regexall": looped('regexall("(a|aa)+$", join("a", local.l))'),
    "long patterns": looped(
        f'regexall("{"|".join(f"k{i}[a-z]{{1,200}}" for i in range(1500))}", "k1")'
    ),
    "replace": looped('replace(join("a", local.l), "/a/", "aa")'),
    "jsonencode": looped("jsonencode(local.l)"),
    "substr": looped(f'substr("{"a" + chr(0x301) * 9000}", i, 5)'),
    "loops": used("x = [for a in range(0, 1000) : [for b in range(0, 1000) : a * b]]"),
    "dynamic": 'resource "aws_ecs_service" "s" {\n'
    + 'dynamic "load_balancer" {\nfor_each = range(0, 1000)\ncontent {\n' * 5
    + "}\n}\n" * 5
    + "}\n",
    "documents": 'data "aws_iam_policy_document" "d0" {\n statement { actions = ["s3:GetObject"] }\n}\n'
    + "".join(
        f'data "aws_iam_policy_document" "d{i}" {{\n source_policy_documents = '
        f"[data.aws_iam_policy_document.d{i - 1}.json, data.aws_iam_policy_document.d{i - 1}.json]\n}}\n"
        for i in range(1, 30)
    ),
    "policies": POLICY
    % (
        "count = 1000",
        'for i in range(0, 200) : { Effect = "Allow", Action = "s3:Get${i}*", Resource = "*" }',
    ),
    "statements": POLICY
    % (
        "",
        'for i in range(0, 1000) : { Effect = "Allow", Action = "secretsmanager:GetSecretValue", '
        'Resource = "arn:aws:secretsmanager:*:*:secret:x${i}*y*" }',
    ),
    "action": POLICY
    % ("", f'{{ Effect = "Allow", Action = "ec2:{"*?" * 400}Zq", Resource = "*" }}'),
    "variables": POLICY
    % ("", f'{{ Effect = "Allow", Action = "*", Resource = "arn:aws:{"$${" * 30000}" }}'),
    "comments": f"# : {'#' * 60_000}\n" + "# checkov:skip=" + "A," * 10_000,
    "hashes": "# : " + "#" * 90_000,
    "fileset": used(f'x = fileset(path.module, "{"*a" * 2000}b")'),
    "references": "".join(
        f'resource "aws_ecs_cluster" "c{i}" {{\n name = "${{aws_ecs_cluster.c{i + 1}.name}}'
        f'${{aws_ecs_cluster.c{(i + 7) % 200}.name}}"\n}}\n'
        for i in range(200)
    ),
    "unlisted actions": POLICY
    % (
        "",
        'for i in range(0, 1000) : { Effect = "Allow", Action = "ec2:DescribeInstance${i}", '
        'Resource = "*" }',
    ),
    "names of log groups": "".join(
        f'resource "aws_cloudwatch_log_group" "g{i}" {{\n name = "{shuffled(i)}"\n}}\n'
        for i in range(100)
    )
    + "".join(
        f'resource "aws_ecs_task_definition" "t{i}" {{\n family = "t{i}"\n'
        ' container_definitions = jsonencode([{ name = "a", image = "b", logConfiguration = {'
        f' logDriver = "awslogs", options = {{ "awslogs-group" = "{shuffled(-i)}" }} }} }}])\n}}\n'
        for i in range(1, 100)
    ),
    "braces": used(f'x = fileset(path.module, "{"{a,b}" * 40}")'),
    # What each step holds twice doubles for whoever does not see that it is one.
    "conditions in conditions": 'variable "x" {}\nlocals {\n a0 = var.x == "a"\n'
    + "".join(
        f' a{i + 1} = local.a{i} && var.x != "b{i}" || !local.a{i} && var.x == "c{i}"\n'
        for i in range(40)
    )
    + '}\nresource "aws_ecs_cluster" "c" {\n name = local.a40 ? "a" : "b"\n}\n',
    "selections in selections": 'variable "x" {}\nlocals {\n m = { a = "1", b = "2" }\n'
    " a0 = local.m[var.x]\n"
    + "".join(
        f' a{i + 1} = "${{local.a{i}}}${{local.a{i}}}" == "1" ? local.a{i} : "${{local.a{i}}}-"\n'
        for i in range(40)
    )
    + '}\nresource "aws_ecs_cluster" "c" {\n name = local.a40 == "11" ? "a" : "b"\n}\n',
    "names that double": 'locals {\n a0 = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x"\n'
    + "".join(f' a{i + 1} = "${{local.a{i}}}${{local.a{i}}}"\n' for i in range(16))
    + '}\nresource "aws_ecs_task_definition" "d" {\n count = 40\n family = "d"\n'
    " execution_role_arn = aws_iam_role.exec.arn\n"
    ' container_definitions = jsonencode([{ name = "a", image = "b", secrets = ['
    + ", ".join(f'{{ name = "S{i}", valueFrom = local.a{i} }}' for i in range(17))
    + "] }])\n}\n",
    "holes that double": 'variable "v" {}\nlocals {\n a0 = var.v\n'
    + "".join(
        f' a{i + 1} = format("%s%s", upper(local.a{i}), lower(local.a{i}))\n' for i in range(40)
    )
    + '}\nresource "aws_ecs_cluster" "c" {\n name = local.a40\n}\n',
    "validated inputs": "".join(
        f'variable "v{i}" {{\n type = string\n validation {{\n'
        f'  condition = contains(["a", "b", "c"], var.v{i})\n  error_message = "x"\n }}\n}}\n'
        for i in range(300)
    )
    + used(
        "x = [for i in range(0, 20) : ["
        + ", ".join(f'var.v{i} == "a" ? 1 : 2' for i in range(300))
        + "]]"
    ),
}


#: Kinds of which little is seen with so few steps.
LONG_KINDS = {
    "attachments across": 'resource "aws_iam_role" "r" {\n count = 250\n name = "r${count.index}"\n'
    " assume_role_policy = aws_iam_role.exec.assume_role_policy\n}\n"
    'resource "aws_iam_policy_attachment" "a" {\n count = 250\n name = "a"\n'
    " roles = aws_iam_role.r[*].name\n"
    ' policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"\n}\n'
    'resource "aws_ecs_task_definition" "d" {\n count = 250\n family = "d"\n'
    ' container_definitions = "[]"\n'
    " execution_role_arn = aws_iam_role.r[count.index].arn\n}\n",
    "statements without effect": "".join(
        f'variable "b{i}" {{\n type = bool\n}}\n'
        + POLICY.replace('"p"', f'"p{i}"')
        % (
            f"count = var.b{i} ? 1 : 0",
            '{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", '
            f'Resource = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x{i}" }}',
        )
        for i in range(150)
    ),
}


#: Calls of functions: none of the kinds takes more than nine million.
MOST_CALLS = 15_000_000


@contextmanager
def counted_calls() -> Iterator[list[int]]:
    """How many functions are called inside, in whatever thread."""
    count = [0]

    def called(frame: object, event: str, argument: object) -> None:
        if event == "call":
            count[0] += 1
            if count[0] > 2 * MOST_CALLS:
                raise AssertionError("it does not end")

    threading.setprofile(called)
    sys.setprofile(called)
    try:
        yield count
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]


def judged(folder: Path, monkeypatch: pytest.MonkeyPatch, steps: int = STEPS) -> Report:
    """The report on the folder, of which each unit has but a part of the steps. The work is counted
    besides: what is not charged for is found by the calls that it takes."""
    monkeypatch.setattr(judge, "of_unit", lambda: budget.of_unit(steps))
    with counted_calls() as count:
        report = scan([folder], Options(root=folder))
    assert count[0] < MOST_CALLS
    assert not report.faults
    return report


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_kind_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    secrets = SECRETS if kind == "statements" else ""
    (tmp_path / "main.tf").write_text(TASK % secrets + KINDS[kind])
    (tmp_path / ("a" * 200)).touch()
    assert judged(tmp_path, monkeypatch).stats.stacks == 1


@pytest.mark.parametrize("kind", sorted(LONG_KINDS))
def test_no_long_kind_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    (tmp_path / "main.tf").write_text(TASK % SECRETS.replace("1000", "1") + LONG_KINDS[kind])
    assert judged(tmp_path, monkeypatch, 4 * STEPS).stats.stacks == 1


def chained(folder: Path, levels: int, calls: Callable[[str], str]) -> None:
    """Modules that call one another, each in the folder of its level."""
    for level in range(levels):
        at = folder / (f"m{level}" if level else ".")
        at.mkdir(exist_ok=True)
        source = f"./m{level + 1}" if level == 0 else f"../m{level + 1}"
        (at / "main.tf").write_text(calls(source))
    (folder / f"m{levels}").mkdir()
    (folder / f"m{levels}" / "main.tf").write_text(TASK % "")


@pytest.mark.parametrize(
    ("levels", "calls"),
    [
        (30, 'module "a" {{\n source = "{0}"\n}}\nmodule "b" {{\n source = "{0}"\n}}\n'),
        (5, 'module "a" {{\n source = "{0}"\n count = 100\n}}\n'),
    ],
    ids=["two calls at thirty levels", "count at five levels"],
)
def test_modules_end_and_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, levels: int, calls: str
) -> None:
    chained(tmp_path, levels, calls.format)
    report = judged(tmp_path, monkeypatch)
    assert any(gap.why is Why.LIMIT for gap in report.gaps)


def test_includes_of_terragrunt_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for level in range(25):
        (tmp_path / f"t{level}").mkdir()
        above = f'path = "../t{level + 1}/terragrunt.hcl"'
        includes = "".join(f'include "{name}" {{\n {above}\n}}\n' for name in "ab")
        includes += (
            f'locals {{\n x = read_terragrunt_config("../t{level + 1}/terragrunt.hcl")\n}}\n'
        )
        more = 'terraform {\n source = "../m"\n}\ninputs = { x = local.x.inputs.x }\n'
        (tmp_path / f"t{level}" / "terragrunt.hcl").write_text(includes + more)
    (tmp_path / "t25").mkdir()
    (tmp_path / "t25" / "terragrunt.hcl").write_text('inputs = { x = "y" }\n')
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text('variable "x" {}\n' + TASK % "")
    judged(tmp_path, monkeypatch)


HOLES = {"Fn::Sub": "${P}a" * 25 + "!"}
TEMPLATES: dict[str, dict[str, object]] = {
    "imports": {
        "S": {
            "Type": "AWS::ECS::Service",
            "Properties": {"Cluster": {"Fn::ImportValue": HOLES}, "TaskDefinition": "a"},
        }
    },
    "resource": {
        "R": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Statement": {"Effect": "Allow", "Action": "a:b", "Resource": "${" * 50_000}
                }
            },
        }
    },
    "action": {
        "R": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {"Statement": []},
                "Policies": [
                    {
                        "PolicyName": "p",
                        "PolicyDocument": {
                            "Statement": {"Effect": "Allow", "Action": f"ec2:{'*?' * 400}Zq"}
                        },
                    }
                ],
            },
        }
    },
}


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_no_template_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    exported = {
        f"O{i}": {"Value": "x", "Export": {"Name": {"Fn::Sub": "${P}a" * 25 + "b" * i}}}
        for i in range(60)
    }
    parameters = {"P": {"Type": "String"}}
    for name, more in (("a", {"Resources": TEMPLATES[kind]}), ("b", {"Outputs": exported})):
        resources = {"C": {"Type": "AWS::ECS::Cluster"}}
        template = {"Parameters": parameters, "Resources": resources, **more}
        (tmp_path / f"{name}.json").write_text(json.dumps(template))
    assert judged(tmp_path, monkeypatch).stats.stacks == 2


def test_a_wide_mapping_of_unknown_keys_is_charged_for_what_it_may_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [{"Ref": "A"}, {"Ref": "B"}]
    wide = {f"a{i}": {f"b{j}": "v" for j in range(25)} for i in range(150)}
    family = {"Fn::Join": ["", [{"Fn::FindInMap": ["M", *keys]}] * 120]}
    template = {
        "Parameters": {name: {"Type": "String"} for name in "AB"},
        "Mappings": {"M": wide},
        "Resources": {"T": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"Family": family}}},
    }
    (tmp_path / "a.json").write_text(json.dumps(template))
    said = {unknown.reason for unknown in judged(tmp_path, monkeypatch).beyond_limits}
    assert budget.Limit.STEPS.exceeded in said


def test_nested_stacks_end_that_pass_on_what_they_double(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stack(number: int) -> dict[str, object]:
        given = {"A": {"Fn::GetAtt": [f"N{number + 1}", "Outputs.A"]}}
        properties = {"TemplateURL": "nested.json", "Parameters": given}
        return {"Type": "AWS::CloudFormation::Stack", "Properties": properties}

    outer = {"Resources": {f"N{number}": stack(number) for number in range(30)}}
    nested = {
        "Parameters": {"A": {"Type": "String"}},
        "Resources": {"C": {"Type": "AWS::ECS::Cluster"}},
        "Outputs": {"A": {"Value": {"Fn::Sub": "${A}${A}"}}},
    }
    (tmp_path / "outer.json").write_text(json.dumps(outer))
    (tmp_path / "nested.json").write_text(json.dumps(nested))
    judged(tmp_path, monkeypatch)


def test_a_long_chain_of_templates_is_followed_from_its_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which template deploys which is asked of each for itself, not of all below it."""
    for number in range(60):
        url = {"TemplateURL": f"n{number + 1}.json"}
        given = {"Parameters": {"P": {"Fn::GetAtt": ["S", "Outputs.O"]}}}
        template = {
            "Parameters": {"P": {"Type": "String", "Default": "x"}},
            "Resources": {
                "C": {"Type": "AWS::ECS::Cluster"},
                "S": {"Type": "AWS::CloudFormation::Stack", "Properties": url},
                "T": {"Type": "AWS::CloudFormation::Stack", "Properties": {**url, **given}},
            },
            "Outputs": {"O": {"Value": {"Fn::GetAtt": ["T", "Outputs.O"]}}},
        }
        (tmp_path / f"n{number}.json").write_text(json.dumps(template))
    with counted_calls() as count:
        report = scan([tmp_path], Options(root=tmp_path))
    assert report.stats.stacks == 1 and not report.faults
    assert count[0] < MOST_CALLS // 8


def test_policies_of_all_functions_are_charged_for_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = [
        {"Statement": [{"Effect": "Allow", "Action": f"s3:Get{i}*", "Resource": "*"}]}
        for i in range(150)
    ]
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Globals": {"Function": {"Policies": statements}},
        "Resources": {f"F{i}": {"Type": "AWS::Serverless::Function"} for i in range(150)},
    }
    (tmp_path / "t.json").write_text(json.dumps(template))
    judged(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("ecs-preflight.toml", "a." * 40_000 + "a = 1\n"),
        ("ecs-preflight.toml", "[" * 90_000),
        ("ecs-preflight.toml", f"[a{'.a' * 40_000}]\n"),
        ("ecs-preflight.toml", "x = " + "[" * 40_000),
        ("setup.cfg", "[ecs-preflight]\n" + "[" * 90_000),
        ("setup.cfg", "[ecs-preflight]\nignore = " + "a." * 40_000),
    ],
)
def test_a_configuration_is_read_in_few_calls(tmp_path: Path, name: str, written: str) -> None:
    (tmp_path / name).write_text(written)
    with counted_calls() as count, suppress(config.Malformed):
        config.load(tmp_path / name)
    assert count[0] < 500_000


def test_what_is_launched_often_is_asked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = (
        'resource "aws_cloudwatch_event_target" "t" {\n count = 500\n arn = "a"\n'
        ' role_arn = "arn:aws:iam::123456789012:role/r"\n ecs_target {\n'
        "  task_definition_arn = aws_ecs_task_definition.app.arn\n }\n}\n"
    )
    (tmp_path / "main.tf").write_text(TASK % "" + targets)
    judged(tmp_path, monkeypatch)


def test_an_expression_over_its_share_leaves_the_rest(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(doctor.TERRAFORM.read_text() + KINDS["matchkeys"])
    report = scan([tmp_path], Options(root=tmp_path))
    assert [finding.rule for finding in report.active] == [doctor.RULE]


def test_globs_agree_with_what_they_replace() -> None:
    import fnmatch
    import itertools

    for pattern in map("".join, itertools.product("a*?[!]", repeat=4)):
        for text in ("", "a", "aa", "ab", "!", "[", "a]", "aab!", "]"):
            assert globs.text_glob(pattern).matches(text) == fnmatch.fnmatchcase(text, pattern), (
                pattern,
                text,
            )
    (glob,) = globs.path_globs("a/**/b*.tf")
    for path, matches in {
        "a/b.tf": True,
        "a/x/b1.tf": True,
        "a/x/y/b.tf": True,
        "a/xb.tf": False,
        "b.tf": False,
        "a/x/c.tf": False,
        "a/b/c.tf": False,
    }.items():
        assert glob.matches(path) is matches, path


class Bottomless:
    """A unit that is over its budget before there is anything to judge."""

    name, files, reusable, apart = "main.tf", ("main.tf",), False, None

    def stack(self, path_condition: PathCondition) -> Stack:
        while True:
            budget.charge(1_000)


def test_a_unit_over_its_budget_while_it_is_read_is_undecided_by_name() -> None:
    report = scan_unit(Bottomless())
    assert not report.faults
    assert [gap.reason for gap in report.gaps] == [budget.Limit.STEPS.exceeded]
    assert [each.reason.reason for each in report.undecided] == [budget.Limit.STEPS.exceeded]


def test_what_is_said_has_a_limit_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "main.tf").write_text(doctor.TERRAFORM.read_text())
    monkeypatch.setattr(judge, "of_unit", lambda: budget.within(budget.Budget(STEPS, 10)))
    report = scan([tmp_path], Options(root=tmp_path))
    assert not report.faults
    assert budget.Limit.OUTPUT.exceeded in [gap.reason for gap in report.gaps]
    assert {each.reason.reason for each in report.undecided} >= {budget.Limit.OUTPUT.exceeded}


def test_worlds_beyond_the_limit_are_told(tmp_path: Path) -> None:
    inputs = "".join(
        f'variable "v{i}" {{\n type = bool\n default = true\n}}\n'
        f'resource "aws_ecs_cluster" "c{i}" {{\n count = var.v{i} ? 1 : 0\n name = "c{i}"\n}}\n'
        for i in range(80)
    )
    (tmp_path / "main.tf").write_text('provider "aws" {}\n' + inputs + TASK % "")
    report = scan([tmp_path], Options(root=tmp_path))
    assert budget.Limit.WORLDS.exceeded in [gap.reason for gap in report.gaps]


def test_worlds_leave_half_of_the_budget_for_judging() -> None:
    def build(path_condition: PathCondition) -> int:
        """A quarter of the budget for each of the worlds that ten inputs open."""
        for number in range(10):
            path_condition.truth(Unknown("", Name(f"var.v{number}")))
        budget.charge(25)
        return len(path_condition.world)

    with budget.within(budget.Budget(100)) as small:
        built = [scenario.built for scenario in explore(build)]
    assert built == [0, 1]
    assert small.left == 36 and small.exceeded == (budget.Limit.STEPS,)


def test_a_budget_that_is_spent_is_not_filled_again() -> None:
    small = budget.Budget(10)
    small.grant(5)
    assert small.left == 15
    with pytest.raises(budget.OverBudget):
        small.charge(16)
    small.grant(100)
    assert small.is_spent


def test_fixes_that_cost_too_much_are_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the secrets is denied by a statement of its own, among many."""
    denied = """
resource "aws_iam_role_policy" "exec" {
  role = aws_iam_role.exec.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [for i in range(0, 20) : {
    Effect = "Deny", NotAction = ["s3:*"],
    Resource = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db${i}-*"
  }] })
}
"""
    (tmp_path / "main.tf").write_text(TASK % SECRETS.replace("1000", "20") + denied)

    def edited() -> list[bool]:
        report = scan([tmp_path], Options(root=tmp_path))
        assert not report.faults
        found = [finding for finding in report.active if finding.rule == "ECS605"]
        assert len(found) == 20
        return [bool(finding.fix and finding.fix.edits) for finding in found]

    assert all(edited())
    monkeypatch.setattr(judge, "DRAFT_STEPS", 3_000)
    assert {True, False} == set(edited())


def test_what_others_export_is_there_once_whichever_way_it_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each unit reads the next two, so that there are more ways than can be gone."""
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text(
        TASK % "" + 'variable "x" {}\noutput "x" {\n value = 1\n}\n'
    )
    for i in range(8):
        (tmp_path / f"a{i}").mkdir()
        read = "".join(
            f'dependency "d{n}" {{\n  config_path = "../a{(i + n) % 8}"\n}}\n' for n in (1, 2)
        )
        inputs = "inputs = {\n  x = [dependency.d1.outputs.x, dependency.d2.outputs.x]\n}\n"
        text = f'terraform {{\n  source = "../m"\n}}\n{read}{inputs}'
        (tmp_path / f"a{i}" / "terragrunt.hcl").write_text(text)
    sizes: list[int] = []

    def noted(outputs: Value, declared: tuple[Declared, ...], escapes: Any) -> Exported:
        addresses = [each.address for each in declared]
        assert len(set(addresses)) == len(addresses)
        sizes.append(len(addresses))
        return Exported(outputs, declared, escapes)

    monkeypatch.setattr(unit, "Exported", noted)
    assert not scan([tmp_path], Options(root=tmp_path)).faults
    assert max(sizes) > 8


def test_what_others_hold_is_looked_up_and_not_judged_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 6
    for i in range(most):
        state = f'backend "s3" {{\n    bucket = "b"\n    key = "{i}"\n  }}'
        read = f'backend = "s3"\n  config = {{ bucket = "b", key = "{(i + 1) % most}" }}'
        output = "${data.terraform_remote_state.s.outputs.o}"
        (tmp_path / f"r{i}").mkdir()
        (tmp_path / f"r{i}" / "main.tf").write_text(
            f'terraform {{\n  {state}\n}}\ndata "terraform_remote_state" "s" {{\n  {read}\n}}\n'
            f'output "o" {{\n  value = "{output}{output}"\n}}\n{TASK % SECRETS}'
        )
    said: list[str] = []
    of_rule = judge._said

    def noted(rule: Rule, part: Stack) -> Iterator[AnyOutcome]:
        for outcome in of_rule(rule, part):
            said.append("" if part.owns(outcome.owner) else f"{rule.id} {outcome.owner.address}")
            yield outcome

    monkeypatch.setattr(judge, "_said", noted)
    monkeypatch.setattr(unit, "MAX_OTHERS", 4)
    (tmp_path / ".git").mkdir()
    report = scan([tmp_path], Options(root=tmp_path, jobs=1))
    assert not report.faults
    assert report.stats.roles == most
    # each role's trust, once
    assert report.stats.met == most
    assert not set(filter(None, said))


def test_a_workflow_is_read_once_however_many_jobs_call_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    jobs = "".join(f"  j{i}: {{uses: ./.github/workflows/called.yml}}\n" for i in range(9))
    (folder / "calling.yml").write_text(f"on: push\njobs:\n{jobs}")
    steps = "    steps:\n      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n"
    (folder / "called.yml").write_text(f"on: workflow_call\njobs:\n  run:\n{steps}")
    (tmp_path / "task-definition.json").write_text('{"family": "a", "containerDefinitions": []}')
    root_of, read = discovery.root_of, list[str]()

    def noted(path: Path, boundary: Boundary) -> object:
        read.append(path.name)
        return root_of(path, boundary)

    monkeypatch.setattr(discovery, "root_of", noted)
    assert not scan([tmp_path], Options(root=tmp_path)).faults
    assert sorted(name for name in read if name.startswith("call")) == ["called.yml", "calling.yml"]


def exporting(own: int, other: int) -> dict[str, Any]:
    """A template's sections that hand on what another exports."""
    output = {"Value": {"Fn::ImportValue": f"x{other}"}, "Export": {"Name": f"x{own}"}}
    return {"Resources": {}, "Outputs": {"O": output}}


def storing(own: int, other: int) -> dict[str, Any]:
    """The same through the Parameter Store."""
    stored = {"Type": "String", "Name": f"/x{own}", "Value": f"{{{{resolve:ssm:/x{other}}}}}"}
    return {"Resources": {"P": {"Type": "AWS::SSM::Parameter", "Properties": stored}}}


@pytest.mark.parametrize("handing", [exporting, storing])
def test_templates_that_read_each_other_in_a_ring_are_read_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, handing: Callable[[int, int], dict[str, Any]]
) -> None:
    many = 2 * assembly.MAX_EXPORTERS
    task = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"Family": "a"}}
    for i in range(many):
        template = handing(i, (i + 1) % many)
        template["Resources"]["Task"] = task
        (tmp_path / f"{i}.json").write_text(json.dumps(template))
    sizes: list[int] = []
    stack_of, sought = assembly.Assembly.stack, Exports._sought
    asked: Counter[tuple[object, object]] = Counter()

    def noted(self: assembly.Assembly) -> Stack:
        stack = stack_of(self)
        sizes.append(len(self._instances))
        return stack

    def counted(self: Exports, handle: Handle, importer: Template) -> tuple[Template, ...]:
        asked[handle, importer] += 1
        return sought(self, handle, importer)

    monkeypatch.setattr(assembly.Assembly, "stack", noted)
    monkeypatch.setattr(Exports, "_sought", counted)
    report = scan([tmp_path], Options(root=tmp_path, jobs=1))
    assert not report.faults
    assert max(sizes) == 1 + assembly.MAX_EXPORTERS
    assert set(asked.values()) == {1}
    assert budget.Limit.INSTANCES.exceeded in [gap.reason for gap in report.gaps]
