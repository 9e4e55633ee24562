"""What tasks need, and the policies that would give it to them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sampling import ROOT

from ecs_preflight import cli
from ecs_preflight.analysis.scan import scan

TREE = """\
variable "role" {}

resource "aws_iam_role" "execution" {
  name = "execution"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_secretsmanager_secret" "db" {
  name = "db"
}

resource "aws_ecr_repository" "app" {
  name = "app"
}

resource "aws_ecs_task_definition" "app" {
  family                   = "shop"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = var.role
  container_definitions = jsonencode([{
    name    = "app", image = "${aws_ecr_repository.app.repository_url}:1"
    secrets = [{ name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group = "/app", awslogs-region = "eu-west-1", awslogs-stream-prefix = "app"
      }
    }
  }])
}

resource "aws_ecs_service" "app" {
  name                   = "app"
  task_definition        = aws_ecs_task_definition.app.arn
  launch_type            = "FARGATE"
  enable_execute_command = true
  network_configuration {
    subnets = var.subnets
  }
}
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text(TREE)
    return tmp_path


def test_explain_lists_needs_by_owner_and_role(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        "aws_ecs_service.app  main.tf:41",
        "  task role ${var.role}",
        "    undecided  open ECS Exec's channels in the tasks of 'aws_ecs_service.app'",
        "                 ssmmessages:CreateControlChannel, ssmmessages:CreateDataChannel, "
        "ssmmessages:OpenControlChannel, ssmmessages:OpenDataChannel",
    ]
    assert lines[4].startswith("                 because ")
    assert "    unmet      read secret 'DB' of container 'app'" in lines
    assert "  execution role aws_iam_role.execution" in lines


@pytest.mark.parametrize("language", ["terraform", "cloudformation"])
@pytest.mark.parametrize(
    "group", ["everything-wrong", "inputs", "modules", "nested", "silent", "ECS601-*", "conditions"]
)
def test_explain_counts_as_the_scan_does(language: str, group: str) -> None:
    from ecs_preflight.analysis.examine import examine
    from ecs_preflight.analysis.options import Options
    from ecs_preflight.analysis.scan import report_of
    from ecs_preflight.report import explain
    from ecs_preflight.rules import RULES

    for folder in (ROOT / language).glob(group):
        options = Options(root=folder)
        examined = examine([folder], options, RULES)
        stats = report_of(examined, options, RULES).stats
        totals = explain.explained(examined.judged, RULES).totals
        for name in ("needs", "met", "unmet", "undecided"):
            assert totals[name] == getattr(stats, name), (folder, name)


def test_explain_closes_as_the_scan_does(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["scan", "."])
    closing = capsys.readouterr().out.splitlines()[-1]
    cli.main(["explain", "."])
    assert capsys.readouterr().out.splitlines()[-1] == closing


def test_the_printed_policy_is_what_was_missing(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking = {f.rule for f in scan(["."]).findings}
    assert {"ECS602", "ECS603", "ECS605"} <= lacking
    assert cli.main(["policy", ".", "--task", "shop", "--role", "execution"]) == 0
    policy = capsys.readouterr().out
    assert "resources = [aws_secretsmanager_secret.db.arn]" in policy
    (tree / "policy.tf").write_text(
        policy
        + """
resource "aws_iam_role_policy" "execution" {
  role   = aws_iam_role.execution.name
  policy = data.aws_iam_policy_document.this.json
}
"""
    )
    assert scan(["."]).findings == ()


def test_the_policy_as_json_and_yaml(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(
        [
            "policy",
            ".",
            "--task",
            "aws_ecs_task_definition.app",
            "--role",
            "execution",
            "--format",
            "json",
        ]
    )
    statements = json.loads(capsys.readouterr().out)["Statement"]
    assert {
        "Effect": "Allow",
        "Action": ["secretsmanager:GetSecretValue"],
        "Resource": "arn:aws:secretsmanager:*:*:secret:db-??????",
    } in statements
    assert not any("${" in each["Resource"] for each in statements)
    cli.main(["policy", ".", "--task", "app", "--role", "task", "--format", "yaml"])
    out = capsys.readouterr().out
    assert "      - ssmmessages:OpenDataChannel\n    Resource: '*'\n" in out


def test_a_template_gets_its_own_language(capsys: pytest.CaptureFixture[str]) -> None:
    template = str(next((ROOT / "cloudformation" / "everything-wrong").iterdir()))
    assert cli.main(["policy", template, "--task", "WebshopTask", "--role", "execution"]) == 0
    assert "Resource: !" in capsys.readouterr().out


def test_a_task_that_is_not_there_is_told_with_those_that_are(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["policy", ".", "--task", "nope", "--role", "task"]) == 2
    assert "there is aws_ecs_task_definition.app" in capsys.readouterr().err
    assert cli.main(["policy", "nowhere", "--task", "nope", "--role", "task"]) == 3


def test_nothing_to_explain_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["explain"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "no task with a need" in err


CALLS = """\
resource "aws_kms_key" "logs" {}

module "app" {
  source    = "./service"
  for_each  = toset(["mail", "pdf"])
  name      = each.key
  execution = aws_iam_role.execution.arn
}

resource "aws_iam_role" "execution" {
  name               = "execution"
  assume_role_policy = "{}"
}
"""

CALLED = """\
variable "name" {}
variable "execution" {}

resource "aws_ecr_repository" "app" {
  name = var.name
}

resource "aws_ecs_task_definition" "app" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = var.execution
  container_definitions = jsonencode([
    { name = "app", image = "${aws_ecr_repository.app.repository_url}:1" }
  ])
}
"""


def test_a_policy_refers_to_what_stands_beside_the_role_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text(CALLS)
    (tmp_path / "service").mkdir()
    (tmp_path / "service" / "main.tf").write_text(CALLED)
    assert cli.main(["policy", ".", "--task", "mail", "--role", "execution"]) == 0
    printed = capsys.readouterr().out
    assert 'resources = ["arn:aws:ecr:*:*:repository/mail"]' in printed
    assert "aws_ecr_repository.app.arn" not in printed

    assert cli.main(["policy", ".", "--task", "app", "--role", "execution"]) == 2
    printed = capsys.readouterr().err
    assert "several task definitions are called 'app'" in printed
    assert 'module.app["pdf"].aws_ecs_task_definition.app' in printed


def test_what_only_some_deployments_need_is_told_beside_the_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "service.yaml").write_text(
        """\
Parameters:
  Environment: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Environment, prod]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: app
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - Name: app
          Image: nginx
          Secrets:
            - {Name: A, ValueFrom: /always}
            - !If [IsProd, {Name: B, ValueFrom: /prod}, !Ref AWS::NoValue]
"""
    )
    assert cli.main(["policy", "service.yaml", "--task", "app", "--role", "execution"]) == 0
    printed, said = capsys.readouterr()
    assert "parameter/always" in printed
    assert said == (
        "ecs-preflight: some deployments also need ssm:GetParameters on "
        "arn:aws:ssm:*:*:parameter/prod (when IsProd is true)\n"
    )
