"""What fails by our own fault, or for one file's sake, costs only itself, and is told."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ecs_preflight.adapters import instances
from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.cli import main
from ecs_preflight.cloudformation.language import intrinsics
from ecs_preflight.findings.finding import AnyOutcome
from ecs_preflight.findings.rule import Rule
from ecs_preflight.model import Stack
from ecs_preflight.rules import RULES
from ecs_preflight.symbolic.records import replace
from ecs_preflight.terraform.language.functions import FUNCTIONS

TASK = """
resource "aws_ecs_task_definition" "%s" {
  family             = "app"
  network_mode       = "awsvpc"
  execution_role_arn = aws_iam_role.agent.arn
  task_role_arn      = aws_iam_role.agent.arn
  container_definitions = jsonencode([{
    name  = "app"
    image = "%s"
  }])
}
"""
ROLE = """
resource "aws_iam_role" "agent" {
  name = "agent"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}
"""
TEMPLATE = """
Resources:
  Agent:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ec2.amazonaws.com}}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !GetAtt Agent.Arn
      ContainerDefinitions:
        - {Name: app, Image: nginx}
"""


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def ids(report: Report) -> set[tuple[str, str]]:
    return {(finding.rule, finding.owner.address) for finding in report.findings}


# -- faults of our own -----------------------------------------------------------------------------


def test_a_rule_loses_only_what_it_fails_at(tmp_path: Path) -> None:
    def failing(rule: Rule, stack: Stack) -> Iterator[AnyOutcome | None]:
        for task in stack.task_definitions:
            if task.address.endswith("b"):
                raise ValueError("on purpose")
            yield rule.met(task, span=task.span, subject="met")

    written(tmp_path, main__tf=ROLE + "".join(TASK % (name, "nginx") for name in "abc"))
    rule = replace(next(rule for rule in RULES if rule.id == "ECS803"), check=failing)
    report = scan([tmp_path], Options(), rules=[rule])
    assert sorted(o.owner.address for o in report.outcomes) == [
        f"aws_ecs_task_definition.{name}" for name in "abc"
    ]
    (fault,) = report.faults
    assert fault.subject == "aws_ecs_task_definition.b" and fault.rule == "ECS803"
    assert ids(report) == {("ECS002", "aws_ecs_task_definition.b")}


@pytest.mark.parametrize("fail_on", ["error", "never"])
def test_the_command_line_ends_with_4(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fail_on: str
) -> None:
    rule = next(rule for rule in RULES if rule.id == "ECS803")
    monkeypatch.setitem(rule.__dict__, "check", lambda rule, stack: {}["x"])
    written(tmp_path, main__tf=ROLE + TASK % ("a", "nginx"))
    assert main(["scan", str(tmp_path), "--fail-on", fail_on]) == 4


def test_a_reader_loses_its_resource_and_puts_roles_in_doubt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raising(value: Any) -> Any:
        raise LookupError("on purpose")

    monkeypatch.setattr(instances, "plain_user_data", raising)
    written(tmp_path, main__tf=ROLE + TASK % ("a", "nginx"))
    before = ids(scan([tmp_path]))
    written(tmp_path, ec2__tf='resource "aws_launch_template" "t" {\n  user_data = "x"\n}\n')
    report = scan([tmp_path])
    assert [fault.subject for fault in report.faults] == ["aws_launch_template.t"]
    assert ids(report) == before | {("ECS002", "aws_launch_template.t")}


def test_a_function_of_terraform_loses_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raising(text: str) -> str:
        raise ValueError("on purpose")

    monkeypatch.setitem(FUNCTIONS, "upper", replace(FUNCTIONS["upper"], compute=raising))
    written(tmp_path, main__tf=ROLE + TASK % ("a", '${upper("nginx")}'))
    report = scan([tmp_path])
    assert [fault.subject for fault in report.faults] == ["upper()"]
    assert ("ECS502", "aws_ecs_task_definition.a") in ids(report) or len(ids(report)) > 1


def test_a_function_of_cloudformation_loses_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raising(*arguments: Any) -> Any:
        raise ValueError("on purpose")

    monkeypatch.setitem(intrinsics.FUNCTIONS, "Fn::Cidr", raising)
    text = TEMPLATE.replace("Image: nginx", 'Image: !Cidr ["10.0.0.0/8", 1, 8]')
    report = scan([written(tmp_path, stack__yaml=text)])
    assert [fault.subject for fault in report.faults] == ["Fn::Cidr"]
    assert any(rule in ("ECS501", "ECS502", "ECS503") for rule, _ in ids(report))


# -- each file is an island ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["# caf\u00e9", "\u00fc", "aGVsbG8", "====", "\ud7ff\U0001f600"])
def test_user_data_that_is_no_base64_is_plain(tmp_path: Path, text: str) -> None:
    instance = f"""
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties: {{LaunchTemplateData: {{UserData: "{text}"}}}}
"""
    report = scan([written(tmp_path, stack__yaml=TEMPLATE + instance)])
    assert not report.faults and report.findings


@pytest.mark.parametrize(
    "change",
    [
        {"address": []},
        {"address": {}},
        {"change": []},
        {"address": "a", "change": {"after_unknown": 1}},
    ],
)
def test_a_broken_plan_loses_only_itself(tmp_path: Path, change: dict[str, Any]) -> None:
    plan = {
        "format_version": "1.2",
        "planned_values": {
            "root_module": {"resources": [{"address": "x.y", "type": "x", "index": {}}]}
        },
        "resource_changes": [change],
    }
    written(tmp_path, main__tf=ROLE + TASK % ("a", "nginx"))
    before = ids(scan([tmp_path]))
    written(tmp_path, plan__json=json.dumps(plan))
    assert before and before <= ids(scan([tmp_path]))


@pytest.mark.parametrize(
    "source", ["./a\\u0000b", "../../../../../../..", "./x" * 2000, ".", "./self"]
)
def test_a_module_that_leads_nowhere_loses_only_itself(tmp_path: Path, source: str) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    bad.mkdir()
    os.symlink("self", bad / "self")
    written(good, main__tf=ROLE + TASK % ("a", "nginx"))
    before = ids(scan([good], Options(root=tmp_path)))
    written(bad, main__tf=f'module "m" {{\n  source = "{source}"\n}}\n')
    report = scan([tmp_path], Options(root=tmp_path))
    assert not report.faults
    assert before and before <= ids(report)


@pytest.mark.parametrize("name", ["loop.tf", "loop.yaml", "loop.json", "loop.tfvars"])
def test_a_link_to_itself_loses_only_itself(tmp_path: Path, name: str) -> None:
    written(tmp_path, main__tf=ROLE + TASK % ("a", "nginx"))
    before = ids(scan([tmp_path]))
    os.symlink(name, tmp_path / name)
    report = scan([tmp_path])
    assert not report.faults and not report.missing
    assert before and before <= ids(report)


@pytest.mark.parametrize(
    "url", ["loop/x.yaml", "a\\0b.yaml", "../" * 50 + "x.yaml", "stack.yaml", "x" * 9000]
)
def test_a_nested_stack_that_leads_nowhere_loses_only_itself(tmp_path: Path, url: str) -> None:
    os.symlink("loop", tmp_path / "loop")
    before = ids(scan([written(tmp_path, stack__yaml=TEMPLATE)]))
    nested = f"""
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: {{TemplateURL: "{url}"}}
"""
    report = scan([written(tmp_path, stack__yaml=TEMPLATE + nested)])
    assert not report.faults
    assert before and before <= ids(report)
