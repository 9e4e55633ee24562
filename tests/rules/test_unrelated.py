"""What has nothing to do with a task changes no verdict on it: an output, a role that nobody uses,
a file of another kind."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import planning
import pytest

from ecs_preflight.adapters.units import Inputs, Tree
from ecs_preflight.analysis.discovery import discover
from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.findings.identity import key
from ecs_preflight.symbolic.depth import deeply
from ecs_preflight.terraform import find
from ecs_preflight.terraform.configuration.unit import RootModule

SAMPLES = Path(__file__).parents[2] / "samples"
RULES = ("ECS502", "ECS602", "ECS605", "ECS606", "ECS702", "ECS821", "ECS823")
TERRAFORM = [p for r in RULES for p in sorted((SAMPLES / "terraform").glob(f"{r}-*/*"))]
TEMPLATES = [p for r in RULES for p in sorted((SAMPLES / "cloudformation").glob(f"{r}-*/*.yaml"))]

UNUSED = """
resource "aws_iam_role" "nobody_uses_it" {
  name = "nobody-uses-it"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}
"""
UNUSED_ROLE = """Resources:
  NobodyUsesIt:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
"""


def verdicts(report: Report) -> set[tuple[object, ...]]:
    return {(type(outcome).__name__, *key(outcome)) for outcome in report.outcomes}


def judged(path: Path) -> set[tuple[object, ...]]:
    return verdicts(scan([path], Options(notes=True)))


def _roles(folder: Path) -> list[str]:
    code = "\n".join(file.read_text() for file in folder.glob("*.tf"))
    return re.findall(r'resource "aws_iam_role" "(\w+)"', code)


def is_root(sample: Path) -> bool:
    """A module judged alone hands its outputs to its caller."""
    return any('provider "aws"' in file.read_text() for file in sample.glob("*.tf"))


@pytest.mark.parametrize("sample", TERRAFORM, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_in_terraform(sample: Path, tmp_path: Path) -> None:
    copy = tmp_path / "stack"
    shutil.copytree(sample, copy)
    before = judged(copy)
    (copy / "unused.tf").write_text(UNUSED)
    (copy / "notes.json").write_text('{"a": 1}')
    assert judged(copy) == before
    if is_root(sample):
        found = _roles(copy)
        outputs = [f'output "{n}_x" {{\n  value = aws_iam_role.{n}\n}}\n' for n in found]
        (copy / "more.tf").write_text("".join(outputs))
        assert judged(copy) == before


@pytest.mark.parametrize("sample", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_in_cloudformation(sample: Path, tmp_path: Path) -> None:
    copy = tmp_path / "stack.yaml"
    copy.write_text(text := sample.read_text())
    before = judged(tmp_path)
    text = text.replace("Resources:\n", UNUSED_ROLE, 1)
    if "\nOutputs:" not in text:
        roles = re.findall(r"^  (\w+):\n    Type: AWS::IAM::Role", text, re.MULTILINE)
        shown = [
            f"  Out{n}:\n    Value: !GetAtt {n}.Arn\n    Export: {{Name: x-{n}}}\n" for n in roles
        ]
        text += "\nOutputs:\n" + "".join(shown)
    copy.write_text(text)
    (tmp_path / "notes.yaml").write_text("a: 1\n")
    assert judged(tmp_path) == before


PLANNED = [p for p in TERRAFORM if is_root(p) and not any(f.is_dir() for f in p.iterdir())]


def planned_of(folder: Path) -> set[tuple[object, ...]] | None:
    """The verdicts of the folder's plan alone, with the code of the whole folder around it; None
    when Terraform would ask for a value."""
    unit = next(u for u in find(discovered(folder), Inputs()).units if isinstance(u, RootModule))
    try:
        content = deeply(lambda: planning.planned(unit))
    except planning.NotPlannable:
        return None
    (folder / "plan.json").write_text(json.dumps(content))
    report = scan([folder / "plan.json", folder], Options(notes=True))
    (folder / "plan.json").unlink()
    return verdicts(report)


def discovered(folder: Path) -> Tree:
    (tree,) = discover([folder], root=folder).trees
    return tree


@pytest.mark.parametrize("sample", PLANNED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_in_a_plan(sample: Path, tmp_path: Path) -> None:
    copy = tmp_path / "stack"
    shutil.copytree(sample, copy)
    before = planned_of(copy)
    if before is None:
        pytest.skip("nothing in it can be planned")
    (copy / "unused.tf").write_text(UNUSED)
    (copy / "notes.json").write_text('{"a": 1}')
    found = _roles(copy)
    outputs = [f'output "{n}_x" {{\n  value = aws_iam_role.{n}.arn\n}}\n' for n in found]
    (copy / "more.tf").write_text("".join(outputs))
    assert planned_of(copy) == before
