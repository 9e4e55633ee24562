"""Explain as text, JSON and Markdown, of code with names that each of them has to escape."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sampling import ROOT

from ecs_preflight import cli
from ecs_preflight.report.explain.closing import CLOSING
from ecs_preflight.symbolic.values import Why

TREE = """\
variable "flags" {}

resource "aws_iam_role" "x" {
  name = "x|`y`"
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole"
    Principal = { Service = "ecs-tasks.amazonaws.com" }
  }] })
  permissions_boundary = "arn:aws:iam::123456789012:policy/edge"
}

resource "aws_iam_role_policy" "x" {
  role   = aws_iam_role.x.id
  policy = jsonencode({ Statement = [{
    Effect   = "Allow"
    Action   = ["ecr:*", "ssm:GetParameters"]
    Resource = ["*", var.flags]
  }] })
}

resource "aws_ecs_task_definition" "x" {
  family                = "x"
  execution_role_arn    = aws_iam_role.x.arn
  container_definitions = jsonencode([{
    name    = "a | <b> `c`\\u001b[31m"
    image   = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
    secrets = [
      { name = "ONE", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:one-AbCdEf" },
      { name = "TWO", valueFrom = var.flags },
    ]
  }])
}
"""


@pytest.mark.parametrize(("form", "file"), [("text", "txt"), ("json", "json"), ("markdown", "md")])
def test_forms(
    form: str,
    file: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    golden: Callable[[str, str], None],
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(TREE)
    monkeypatch.chdir(tmp_path / "infra")
    assert cli.main(["explain", "--format", form]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    golden(f"explain.{file}", said)
    if form == "json":
        needs = [need for stack in json.loads(said)["stacks"] for need in stack["needs"]]
        assert {need["file"] for need in needs} == {"infra/main.tf"}


def test_a_page_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text(TREE)
    page = tmp_path / "page.html"
    assert cli.main(["explain", str(tmp_path), "--format", "html", "--output", str(page)]) == 0
    assert capsys.readouterr().out == ""
    assert page.read_text().startswith("<!doctype html>")


def test_each_kind_of_not_knowing_has_words_for_what_would_decide_it() -> None:
    assert set(CLOSING) == set(Why)
    told = (ROOT.parent / "docs" / "undecided.md").read_text(encoding="utf-8")
    assert [why for why in Why if f"| a {why.value[0]} |" not in told] == []
