"""One role used in two Regions is judged for each: by the provider's alias, by the argument
``region``, by a module's provider, and in a plan."""

from __future__ import annotations

import json
from pathlib import Path

import planning
import pytest

from ecs_preflight.adapters.units import Inputs
from ecs_preflight.analysis.discovery import discover
from ecs_preflight.analysis.scan import Options, scan
from ecs_preflight.symbolic.depth import deeply
from ecs_preflight.terraform import find
from ecs_preflight.terraform.configuration.unit import RootModule

ROLE = """
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "far"
  region = "us-east-1"
}
resource "aws_iam_role" "task" {
  name = "task"
  assume_role_policy = jsonencode({ Statement = [{
    Effect    = "Allow"
    Action    = "sts:AssumeRole"
    Principal = { Service = "ecs-tasks.amazonaws.com" }
    Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:ecs:%s:*:*" } }
  }] })
}
"""
TASK = """
resource "aws_ecs_task_definition" "%s" {
  family        = "app"
  task_role_arn = %s
  container_definitions = jsonencode([{ name = "app", image = "nginx", memory = 256 }])
%s}
"""
NEAR = TASK % ("near", "aws_iam_role.task.arn", "")
MODULE = """
module "far" {
  source    = "./far"
  role      = aws_iam_role.task.arn
  providers = { aws = aws.far }
}
"""
BY_MODULE = {"far/main.tf": 'variable "role" {}\n' + TASK % ("far", "var.role", "")}
FAR = {
    "alias": (TASK % ("far", "aws_iam_role.task.arn", "  provider = aws.far\n"), {}),
    "argument": (TASK % ("far", "aws_iam_role.task.arn", '  region = "us-east-1"\n'), {}),
    "module": (MODULE, BY_MODULE),
}


def written(folder: Path, how: str, trusted: str) -> Path:
    far, others = FAR[how]
    for name, text in {"main.tf": ROLE % trusted + NEAR + far, **others}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("trusted", ["eu-west-1", "us-east-1", "eu-central-1", "*"])
@pytest.mark.parametrize("how", FAR)
def test_in_the_code(tmp_path: Path, how: str, trusted: str) -> None:
    report = scan([written(tmp_path, how, trusted)], Options(root=tmp_path))
    assert ("ECS501" in {finding.rule for finding in report.findings}) is (trusted != "*")


@pytest.mark.parametrize("trusted", ["eu-west-1", "us-east-1", "*"])
@pytest.mark.parametrize("how", FAR)
def test_in_its_plan(tmp_path: Path, how: str, trusted: str) -> None:
    folder = written(tmp_path, how, trusted)
    (tree,) = discover([folder], root=folder).trees
    unit = next(u for u in find(tree, Inputs()).units if isinstance(u, RootModule))
    plan = folder / "plan.json"
    plan.write_text(json.dumps(deeply(lambda: planning.planned(unit))))
    rules = {f.rule for f in scan([plan], Options(root=folder)).findings}
    assert ("ECS501" in rules) is (trusted != "*")
