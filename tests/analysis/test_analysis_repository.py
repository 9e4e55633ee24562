"""A task definition file finds its roles in the rest of the repository, if they are but one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecs_preflight.analysis.scan import Options, Report, scan

ROOT = """
terraform {
  backend "s3" {}
}
provider "aws" {
  region = "eu-west-1"
}
"""
TRUST = """
data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}
"""
ROLE = """
resource "aws_iam_role" "this" {
  name               = "%s"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}
"""
READS = """
resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.id
  policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "%s"
  }] })
}
"""


def arn(name: str) -> str:
    return f"arn:aws:iam::111122223333:role/{name}"


def task(execution: str, task: str | None = None) -> str:
    return json.dumps(
        {
            "family": "app",
            "requiresCompatibilities": ["EC2"],
            "executionRoleArn": execution,
            **({"taskRoleArn": task} if task else {}),
            "containerDefinitions": [
                {
                    "name": "app",
                    "image": "public.ecr.aws/x/y",
                    "secrets": [
                        {
                            "name": "DB",
                            "valueFrom": "arn:aws:secretsmanager:eu-west-1:111122223333:"
                            "secret:db-AbCdEf",
                        }
                    ],
                }
            ],
        }
    )


def scanned(folder: Path, files: dict[str, str], *given: str) -> Report:
    (folder / ".git").mkdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    report = scan([folder / name for name in given] or [folder], Options())
    assert not report.faults
    return report


def found(report: Report) -> list[str]:
    return [f"{f.rule} {f.owner.address}" for f in report.findings if f.severity.value == "error"]


def test_a_role_of_the_repository_decides(tmp_path: Path) -> None:
    report = scanned(
        tmp_path,
        {"task.json": task(arn("exec")), "infra/main.tf": ROOT + TRUST + ROLE % "exec"},
    )
    assert found(report) == ["ECS605 app"]
    (finding,) = report.findings
    assert finding.need is not None
    assert finding.need.role == "aws_iam_role.this"


@pytest.mark.parametrize("resource", ["${aws_secretsmanager_secret.db.arn}", "*"])
def test_what_the_file_says_holds_for_the_code(tmp_path: Path, resource: str) -> None:
    """The account, and what Secrets Manager has appended to the secret's name."""
    secret = 'resource "aws_secretsmanager_secret" "db" {\n  name = "db"\n}\n'
    code = ROOT + TRUST + ROLE % "exec" + READS % resource + secret
    report = scanned(tmp_path, {"task.json": task(arn("exec")), "infra/main.tf": code})
    assert (found(report), report.stats.undecided) == ([], 0)


def test_the_repository_around_what_is_given_is_read_too(tmp_path: Path) -> None:
    report = scanned(
        tmp_path,
        {"app/task.json": task(arn("exec")), "infra/main.tf": ROOT + TRUST + ROLE % "exec"},
        "app",
    )
    assert found(report) == ["ECS605 app"]
    assert report.stats.stacks == 1


@pytest.mark.parametrize(
    "files",
    [
        {"a/main.tf": ROOT + TRUST + ROLE % "exec", "b/main.tf": ROOT + TRUST + ROLE % "exec"},
        {"a/main.tf": ROOT + TRUST + ROLE % "other"},
        {"a/main.tf": ROOT.replace("{\n  region", '{\n  allowed_account_ids = ["444455556666"]\n  region')
         + TRUST + ROLE % "exec"},
        {"a/main.tf": TRUST + ROLE % "${var.name}" + 'variable "name" {\n  default = "exec"\n}'},
    ],
    ids=["twice", "other name", "other account", "a module"],
)  # fmt: skip
def test_what_is_not_surely_the_role_leaves_it_open(tmp_path: Path, files: dict[str, str]) -> None:
    report = scanned(tmp_path, {"task.json": task(arn("exec")), **files})
    assert found(report) == []
    assert {outcome.rule for outcome in report.undecided} >= {"ECS605"}


def test_two_roots_have_nothing_in_common(tmp_path: Path) -> None:
    """Both call their role by one address; the one reads the secret, the other does not."""
    report = scanned(
        tmp_path,
        {
            "task.json": task(arn("exec"), arn("task")),
            "a/main.tf": ROOT + TRUST + ROLE % "exec" + READS % "*",
            "b/main.tf": ROOT + TRUST + ROLE % "task",
        },
    )
    assert (found(report), report.stats.undecided) == ([], 0)
    assert report.stats.met > 0
