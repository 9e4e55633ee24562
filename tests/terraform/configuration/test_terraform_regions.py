"""One role used in two Regions is judged for each: by the provider's alias, by the argument
``region``, by a module's provider, and in a plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import planning
import pytest

from ecs_preflight import iam
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


def asked_of(folder: Path, places: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often IAM is asked about tasks in so many Regions, each with secrets of its own."""
    task = TASK.replace("task_role", "execution_role").replace(
        "memory = 256",
        'secrets = [{ name = "A", valueFrom = "%s" }, { name = "B", valueFrom = local.b }]',
    )
    folder.mkdir()
    (folder / "main.tf").write_text(
        ROLE % "*"
        + 'variable "b" {}\nlocals {\n  b = "x${var.b}"\n}\n'
        + "".join(
            f'provider "aws" {{\n  alias  = "p{i}"\n  region = "xx-place-{i}"\n}}\n'
            + task % (f"t{i}", "aws_iam_role.task.arn", f"s{i}", f"  provider = aws.p{i}\n")
            for i in range(places)
        )
    )
    asked: list[object] = []
    authorize = iam.authorize

    def counted(*what: Any, **more: Any) -> Any:
        asked.append(what)
        return authorize(*what, **more)

    monkeypatch.setattr(iam, "authorize", counted)
    assert len(scan([folder], Options(root=folder)).findings) >= places
    monkeypatch.undo()
    return len(asked)


def test_a_place_is_asked_about_its_own_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each place goes through the tasks of all: what it asked of them would grow with the
    square."""
    few, many = (asked_of(tmp_path / str(n), n, monkeypatch) for n in (5, 15))
    assert many == 3 * few
