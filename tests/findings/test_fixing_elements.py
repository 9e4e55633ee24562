"""What a statement names is mended where it is named, though its value stands elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options, scan

ROOT = """\
provider "aws" {
  region = "eu-west-1"
}
resource "aws_cloudwatch_log_group" "app" {
  name = "/app"
}
module "app" {
  source = "./app"
  group  = aws_cloudwatch_log_group.app.arn
  name   = aws_cloudwatch_log_group.app.name
}
"""
MODULE = """\
variable "group" {}
variable "name" {}
resource "aws_iam_role" "exec" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "exec" {
  role   = aws_iam_role.exec.id
  policy = POLICY
}
resource "aws_ecs_task_definition" "app" {
  family             = "app"
  execution_role_arn = aws_iam_role.exec.arn
  container_definitions = jsonencode([{
    name   = "app"
    image  = "nginx"
    memory = 128
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = var.name
        awslogs-region        = "eu-west-1"
        awslogs-stream-prefix = "app"
      }
    }
  }])
}
"""
OBJECT = """jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = %s
    }]
  })"""
DOCUMENT = """data.aws_iam_policy_document.exec.json
}
data "aws_iam_policy_document" "exec" {
  dynamic "statement" {
    for_each = [1]
    content {
      actions   = [%s]
      resources = ["${var.group}"]
    }
  }"""
OWN = '"logs:CreateLogStream", "logs:PutLogEvents"'
STREAMS = '["${var.group}:*"]'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OBJECT % "var.group", OBJECT % '"${var.group}:*"'),
        (OBJECT % "[var.group]", OBJECT % STREAMS),
        (OBJECT % '["arn:aws:s3:::a", var.group]', OBJECT % '["arn:aws:s3:::a", "${var.group}:*"]'),
        (DOCUMENT % OWN, DOCUMENT.replace('["${var.group}"]', STREAMS) % OWN),
    ],
)
def test_what_an_input_brings_is_mended_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app").mkdir()
    (tmp_path / "main.tf").write_text(ROOT)
    (tmp_path / "app/main.tf").write_text(MODULE.replace("POLICY", before))
    assert {f.rule for f in scan([tmp_path], Options()).findings} >= {"ECS603"}
    made = mend(["."], Options(), unsafe=True)
    (change,) = made.changes
    assert change.after == MODULE.replace("POLICY", after)
    assert not made.after.findings


def test_behind_a_dynamic_statement_stands_a_static_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app").mkdir()
    (tmp_path / "main.tf").write_text(ROOT)
    (tmp_path / "app/main.tf").write_text(MODULE.replace("POLICY", DOCUMENT % '"s3:GetObject"'))
    (change,) = mend(["."], Options(), unsafe=True).changes
    assert "  }\n\n  statement {\n    actions   = [" + OWN in change.after


SEVERAL = """\
provider "aws" {
  region = "eu-west-1"
}
resource "aws_iam_role" "this" {
  for_each = toset(["exec", "task"])
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}
resource "aws_ecs_task_definition" "app" {
  for_each           = toset(["exec"])
  family             = "app"
  execution_role_arn = aws_iam_role.this[%s].arn
  container_definitions = jsonencode([{
    name    = "app"
    image   = "nginx"
    memory  = 128
    secrets = [{ name = "A", valueFrom = "/app/a" }]
  }])
}
"""


@pytest.mark.parametrize(
    ("key", "role"), [('"exec"', 'aws_iam_role.this["exec"].id'), ("each.key", "each.value.id")]
)
def test_one_of_a_blocks_roles_gets_the_policy_where_the_code_calls_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, role: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text(SEVERAL % key)
    made = mend(["."], Options(), unsafe=True)
    (change,) = made.changes
    assert f"role = {role}\n" in change.after
    assert ("for_each = aws_iam_role.this" in change.after) is (key == "each.key")
    assert not made.after.findings
