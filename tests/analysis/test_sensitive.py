"""What is declared to be sensitive is judged, and shown in no report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecs_preflight import cli
from ecs_preflight.findings import sensitive
from ecs_preflight.symbolic.terms import Constant, Name, operation
from ecs_preflight.symbolic.values import Known, Unknown, shown_value

STACK = """
variable "token" {
  type      = string
  sensitive = true
}

variable "plain" { default = "a-plain-value" }

resource "aws_iam_role" "exec" {
  name               = "exec"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "exec" {
  role   = aws_iam_role.exec.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::${var.token}/*" }] })
}

resource "aws_ecs_task_definition" "app" {
  family             = "app"
  execution_role_arn = aws_iam_role.exec.arn
  container_definitions = jsonencode([{ name = "app", image = "nginx", secrets = [
    { name = "A", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:${var.token}-AbCdEf" },
    { name = "B", valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter/${upper(var.plain)}" },
  ] }])
}
"""
SECRET = "s3cr3t-value"
FORMATS = ["text", "concise", "json", "github", "gitlab", "sarif", "junit", "markdown"]


def scanned(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    cli.main([*arguments])
    captured = capsys.readouterr()
    return captured.out + captured.err


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "main.tf").write_text(STACK)
    (tmp_path / "terraform.tfvars").write_text(f'token = "{SECRET}"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_shows_a_sensitive_value(
    folder: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    told = scanned(capsys, "scan", "--show-undecided", "--format", form, ".")
    assert SECRET not in told
    assert "sensitive" in told
    assert "A-PLAIN-VALUE" in told


def test_neither_explain_nor_policy_nor_the_baseline_shows_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (
        ["explain", "."],
        ["policy", ".", "--task", "app", "--role", "execution", "--format", "json"],
        ["policy", ".", "--task", "app", "--role", "execution"],
        ["scan", ".", "--write-baseline", "known.json"],
    ):
        assert SECRET not in scanned(capsys, *arguments)
    assert SECRET not in (folder / "known.json").read_text()
    assert cli.main(["scan", ".", "--baseline", "known.json"]) == 0


def test_the_environment_is_read_only_when_asked_and_never_shown(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "terraform.tfvars").unlink()
    monkeypatch.setenv("TF_VAR_plain", "from-the-runner")
    monkeypatch.setenv("TF_VAR_token", SECRET)
    told = scanned(capsys, "scan", "--format", "json", ".")
    assert "FROM-THE-RUNNER" not in told
    assert SECRET not in told
    told = scanned(capsys, "scan", "--env-variables", "--format", "json", ".")
    assert "(sensitive)" in told
    assert SECRET not in told


def test_what_a_plan_and_a_template_hide_is_hidden(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    template = {
        "Parameters": {"Token": {"Type": "String", "NoEcho": True, "Default": SECRET}},
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": {
                            "Effect": "Allow",
                            "Action": "sts:AssumeRole",
                            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                        },
                    }
                },
            },
            "Task": {
                "Type": "AWS::ECS::TaskDefinition",
                "Properties": {
                    "Family": "app",
                    "ExecutionRoleArn": {"Fn::GetAtt": "Role.Arn"},
                    "ContainerDefinitions": [
                        {
                            "Name": "app",
                            "Image": "nginx",
                            "Secrets": [
                                {
                                    "Name": "A",
                                    "ValueFrom": {
                                        "Fn::Sub": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:${Token}"
                                    },
                                }
                            ],
                        }
                    ],
                },
            },
        },
    }
    (tmp_path / "template.json").write_text(json.dumps(template))
    for form in FORMATS:
        told = scanned(capsys, "scan", "--show-undecided", "--format", form, "template.json")
        assert SECRET not in told
        assert "ECS" in told


@pytest.mark.parametrize(
    ("arn", "pieces"),
    [
        (
            "arn:aws:secretsmanager:eu-west-1:210987654321:secret:team/h1dden-AbCdEf",
            ("team/h1dden-AbCdEf", "h1dden-AbCdEf", "h1dden", "team/h1dden", "210987654321"),
        ),
        ("arn:aws:secretsmanager:eu-west-1:210987654321:secret:h1dden-AbCdEf:key::", ("h1dden",)),
        ("arn:aws:iam::210987654321:role/path/h1dden", ("path/h1dden", "h1dden")),
        ("arn:aws:s3:::h1dden", ("h1dden",)),
        ("arn:aws:logs:eu-west-1:210987654321:log-group:/ecs/h1dden:*", ("/ecs/h1dden", "h1dden")),
        ("arn:aws:ssm:eu-west-1:210987654321:parameter/a/h1dden", ("a/h1dden", "h1dden")),
    ],
)
def test_no_piece_of_an_arn_is_shown(arn: str, pieces: tuple[str, ...]) -> None:
    secrets = sensitive.secrets_in([Known(arn)])
    for piece in pieces:
        assert "h1dden" not in sensitive.hidden(f"The role has no '{piece}' here.", secrets)
        assert "2109" not in sensitive.hidden(f"of account {piece}", secrets)
    assert sensitive.hidden("The role may not read the secret.", secrets) == (
        "The role may not read the secret."
    )


def test_no_report_shows_a_sensitive_arn_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "arn:aws:secretsmanager:eu-west-1:210987654321:secret:h1dden-AbCdEf"
    variables = "".join(
        f'variable "{name}" {{\n  sensitive = true\n  default = "{value}"\n}}\n'
        for name, value in (("token", secret), ("role", "arn:aws:iam::210987654321:role/h1dden"))
    )
    task = STACK[STACK.index('resource "aws_iam_role" "exec"') :]
    task = task.replace("secret:${var.token}-AbCdEf", "secret:x-AbCdEf").replace(
        "${upper(var.plain)}", "x"
    )
    task = task.replace(
        '"arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf"', "var.token"
    )
    other = task[task.index('resource "aws_ecs_task') :].replace('"app"', '"other"')
    other = other.replace("aws_iam_role.exec.arn", "var.role")
    (tmp_path / "main.tf").write_text(
        'provider "aws" {}\n' + variables + task.replace("s3:::${var.token}", "s3:::x") + other
    )
    monkeypatch.chdir(tmp_path)
    for form in FORMATS:
        told = scanned(capsys, "scan", "--show-undecided", "--format", form, ".")
        assert "h1dden" not in told, form
        assert "210987654321" not in told, form
        assert "sensitive" in told, form


def test_what_a_term_holds_is_hidden_too() -> None:
    condition = operation("If", operation("==", Name("Token"), Constant(SECRET)), Name("Token"))
    shown = shown_value(sensitive.hide(Unknown("it depends", condition), {SECRET}))
    assert SECRET not in shown
    assert sensitive.SHOWN in shown
