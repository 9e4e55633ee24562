"""Who else in the scan may add to a root's roles."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.scan import Report, scan
from ecs_preflight.findings.identity import key
from ecs_preflight.symbolic import looks
from ecs_preflight.terraform.configuration.consumers import Consumers, StateReader
from ecs_preflight.terraform.configuration.states import State

STACK = """
provider "aws" {}

resource "aws_iam_role" "agent" {
  name = "agent"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_secretsmanager_secret" "key" {
  name = "key"
}

resource "aws_ecs_task_definition" "app" {
  family             = "app"
  execution_role_arn = aws_iam_role.agent.arn
  container_definitions = jsonencode([{
    name    = "app"
    image   = "nginx"
    secrets = [{ name = "KEY", valueFrom = aws_secretsmanager_secret.key.arn }]
  }])
}

output "role" {
  value = aws_iam_role.agent.name
}
"""
REMOTE = 'provider "aws" {}\ndata "terraform_remote_state" "app" {\n  backend = "s3"\n}\n'
ATTACHED = """
resource "aws_iam_role_policy_attachment" "more" {
  role       = %s
  policy_arn = "arn:aws:iam::aws:policy/SecretsManagerReadWrite"
}
"""


def scanned(folder: Path, **others: str) -> Report:
    for name, text in {"app__main.tf": STACK, **others}.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return scan([folder])


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


@pytest.mark.parametrize(
    "other",
    [
        REMOTE + ATTACHED % "data.terraform_remote_state.app.outputs.role",
        REMOTE + ATTACHED % 'data.terraform_remote_state.app.outputs["role"]',
        REMOTE
        + "locals {\n  all = data.terraform_remote_state.app.outputs\n}\n"
        + ATTACHED % "local.all.role",
        'provider "aws" {}\n' + ATTACHED % '"agent"',
        'provider "aws" {}\ndata "aws_iam_role" "a" {\n  name = "agent"\n}\n'
        + ATTACHED % "data.aws_iam_role.a.name",
    ],
)
def test_who_gives_it_policies_leaves_it_open(tmp_path: Path, other: str) -> None:
    report = scanned(tmp_path, **{"other__main.tf": other})
    assert "ECS605" not in rules(report)
    assert "ECS605" in {outcome.rule for outcome in report.undecided}


@pytest.mark.parametrize(
    "other",
    [
        "",
        REMOTE + ATTACHED % "data.terraform_remote_state.app.outputs.other_role",
        'provider "aws" {}\n' + ATTACHED % '"somebody"',
        REMOTE.replace("data", "variable").replace('"terraform_remote_state" ', ""),
    ],
)
def test_who_does_not_leaves_it_as_it_is(tmp_path: Path, other: str) -> None:
    assert "ECS605" in rules(scanned(tmp_path, **{"other__main.tf": other}))


# -- what changes no verdict -----------------------------------------------------------------------

UNRELATED = {
    "an output": {"app__outputs.tf": 'output "x" {\n  value = aws_iam_role.agent.arn\n}\n'},
    "an unused role": {
        "app__role.tf": 'resource "aws_iam_role" "x" {\n  name = "x"\n  assume_role_policy = "{}"\n}\n'
    },
    "a file that is no code": {"app__notes.json": '{"a": 1}'},
    "a broken template": {"app__x.yaml": "AWSTemplateFormatVersion: [\n"},
    "another root": {"other__main.tf": 'provider "aws" {}\nresource "aws_vpc" "v" {}\n'},
}


@pytest.mark.parametrize("name", UNRELATED)
def test_what_is_unrelated_changes_no_verdict(tmp_path: Path, name: str) -> None:
    def verdicts(report: Report) -> set[tuple[object, ...]]:
        return {(type(o).__name__, *key(o), str(o.span)) for o in report.outcomes}

    before = verdicts(scanned(tmp_path))
    assert before and verdicts(scanned(tmp_path, **UNRELATED[name])) == before


def test_a_reader_is_asked_once_for_all_roots_and_each_hangs_on_what_it_looked_at() -> None:
    """Each root asks each reader: many Terragrunt files that read each other cost their square."""
    calls: list[str] = []

    def asked() -> frozenset[State | None]:
        calls.append("asked")
        looks.note("content", "", "live/terragrunt.hcl", b"inputs")
        return frozenset({None})

    readers = Consumers((StateReader("live", frozenset({"role"}), asked),))
    for _ in range(3):
        with looks.noted() as noted:
            assert readers.read("role", lambda name, state: True)
        assert [path for _, _, path in noted] == ["live/terragrunt.hcl"]
    assert calls == ["asked"]
