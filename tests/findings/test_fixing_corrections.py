"""A statement that grants nothing is corrected in all that is wrong with it, and keeps what an
input may make right."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options

STACK = """\
provider "aws" {
  region = "eu-west-1"
}
resource "aws_iam_role" "exec" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "exec" {
  role = aws_iam_role.exec.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue", "kms:Decrypt"]
        Resource = RESOURCE
      }
    ]
  })
}
resource "aws_ecs_task_definition" "app" {
  family             = "app"
  execution_role_arn = aws_iam_role.exec.arn
  container_definitions = jsonencode([{
    name    = "app"
    image   = "nginx"
    memory  = 128
    secrets = [
      { name = "A", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/a" },
      { name = "B", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/b" },
    ]
  }])
}
variable "stage" {
  default = "test"
}
"""
SECRETS = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/"


def _mended(folder: Path, resource: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    text = STACK.replace("RESOURCE", resource)
    (folder / "main.tf").write_text(text)
    made = mend(["."], Options(), unsafe=True)
    return made.changes[0].after if made.changes else text


def test_every_resource_is_corrected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = f'["{SECRETS}/a", "{SECRETS}/b", "{KEY}1234abcd-12ab-34cd-56ef-1234567890ab"]'
    after = _mended(tmp_path, listed, monkeypatch)
    mended = listed.replace('/a"', '/a-??????"').replace('/b"', '/b-??????"')
    assert after == STACK.replace("RESOURCE", mended)


def test_what_an_input_names_is_not_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is none for this stage; for another one the input names one."""
    after = _mended(tmp_path, f'["{SECRETS}/*", "{KEY}alias/${{var.stage}}"]', monkeypatch)
    assert '"kms:Decrypt"' in after


def test_what_nothing_is_for_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after = _mended(tmp_path, f'["{SECRETS}/*"]', monkeypatch)
    assert '"kms:Decrypt"' not in after


def test_a_computed_list_is_for_others_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    computed = f'concat(["{SECRETS}/*"], [for each in ["{SECRETS}/a"] : "${{each}}*"])'
    after = _mended(tmp_path, computed, monkeypatch)
    assert after == STACK.replace("RESOURCE", computed)
