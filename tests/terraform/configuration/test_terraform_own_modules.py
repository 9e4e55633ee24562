"""A module whose source names the repository that it stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.scan import Report, scan
from ecs_preflight.report.coverage import coverage

MODULE = """
resource "aws_iam_role" "task" {
  name = "task"
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
  }] })
}
resource "aws_ecs_task_definition" "app" {
  family        = "app"
  task_role_arn = aws_iam_role.task.arn
  container_definitions = jsonencode([{ name = "app", image = "nginx", memory = 256 }])
}
"""
CALL = 'provider "aws" {{}}\nmodule "app" {{\n  source = "{}"\n}}\n'


def scanned(folder: Path, source: str) -> Report:
    root = folder / "infra"
    for name, text in {"modules/app/main.tf": MODULE, "live/main.tf": CALL.format(source)}.items():
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(text)
    (root / ".git").mkdir()
    return scan([root])


@pytest.mark.parametrize(
    "source",
    [
        "git::https://github.com/acme/infra.git//modules/app",
        "git::https://github.com/acme/infra//modules/app",
        "github.com/acme/infra//modules/app",
        "git@github.com:acme/infra.git//modules/app",
        "git::ssh://git@gitlab.example.com/platform/infra.git//modules/app",
    ],
)
def test_it_is_read(tmp_path: Path, source: str) -> None:
    report = scanned(tmp_path, source)
    assert [f.owner.address for f in report.findings] == ["module.app.aws_iam_role.task"]
    assert "not downloaded" not in coverage(report)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("git::https://github.com/acme/infra//modules/app?ref=v1.2.0", "as of 'v1.2.0'"),
        ("git::https://github.com/acme/infra//modules/other", "is not downloaded"),
        ("git::https://github.com/acme/other//modules/app", "is not downloaded"),
        ("acme/infra/aws", "is not downloaded"),
    ],
)
def test_it_is_left_out_with_its_reason(tmp_path: Path, source: str, said: str) -> None:
    report = scanned(tmp_path, source)
    assert [gap.reason for gap in report.gaps if said in gap.reason]
    assert [f.owner.address for f in report.findings] == ["aws_iam_role.task"]
