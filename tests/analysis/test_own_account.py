"""The account that a stack's own ARNs name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecs_preflight.analysis.scan import Options, Report, scan

TRUST = {
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Condition": {"StringEquals": {"aws:SourceAccount": "444455556666"}},
        }
    ]
}
TERRAFORM = """
provider "aws" {{
  region = "eu-west-1"
{provider}}}
resource "aws_iam_role" "task" {{
  name               = "task"
  assume_role_policy = jsonencode({trust})
}}
resource "aws_ecs_task_definition" "app" {{
  family             = "app"
  task_role_arn      = aws_iam_role.task.arn
  execution_role_arn = {execution}
  container_definitions = jsonencode([{{ name = "app", image = "nginx", memory = 256 }}])
}}
"""

SERVICE = """
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "arn:aws:ecs:eu-west-1:444455556666:cluster/production"
  task_definition = aws_ecs_task_definition.app.arn
}
"""
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf"


def role(account: str) -> str:
    return f"arn:aws:iam::{account}:role/exec"


def terraform(execution: str, provider: str = "") -> str:
    trust = json.dumps(TRUST)
    return TERRAFORM.format(trust=trust, execution=execution, provider=provider)


def template(execution: object) -> str:
    task = {
        "Family": "app",
        "TaskRoleArn": {"Fn::GetAtt": ["Task", "Arn"]},
        "ExecutionRoleArn": execution,
        "ContainerDefinitions": [{"Name": "app", "Image": "nginx", "Memory": 256}],
    }
    return json.dumps(
        {
            "Parameters": {"Account": {"Type": "String"}},
            "Resources": {
                "Task": {
                    "Type": "AWS::IAM::Role",
                    "Properties": {"AssumeRolePolicyDocument": TRUST},
                },
                "App": {"Type": "AWS::ECS::TaskDefinition", "Properties": task},
            },
        }
    )


def scanned(folder: Path, text: str, account: str | None = None) -> Report:
    (folder / ("main.tf" if "provider" in text else "t.json")).write_text(text)
    options = Options(root=folder)
    if account:
        options = Options(root=folder, account=account)
    return scan([folder], options)


def trusted(report: Report) -> str:
    said = {type(o).__name__ for o in report.outcomes if o.rule == "ECS501"}
    return said.pop() if len(said) == 1 else repr(said)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (terraform(f'"{role("111122223333")}"'), "Finding"),
        (terraform(f'"{role("444455556666")}"'), "Met"),
        (terraform("null"), "Undecided"),
        (terraform("null", '  allowed_account_ids = ["111122223333"]\n'), "Finding"),
        (
            terraform("null", f'  assume_role {{\n    role_arn = "{role("444455556666")}"\n  }}\n'),
            "Met",
        ),
        (template(role("111122223333")), "Finding"),
        (template(role("444455556666")), "Met"),
        (template({"Fn::Sub": "arn:aws:iam::${Account}:role/exec"}), "Undecided"),
    ],
)
def test_the_account_decides_who_is_trusted(tmp_path: Path, text: str, expected: str) -> None:
    assert trusted(scanned(tmp_path, text)) == expected


def test_arns_that_do_not_agree_say_nothing(tmp_path: Path) -> None:
    text = terraform(f'"{role("111122223333")}"') + SERVICE
    assert trusted(scanned(tmp_path, text)) == "Undecided"


def test_a_secret_may_be_another_accounts(tmp_path: Path) -> None:
    named = f'{{ secrets = [{{ name = "A", valueFrom = "{SECRET}" }}], name ='
    text = terraform("null").replace("{ name =", named)
    assert trusted(scanned(tmp_path, text)) == "Undecided"
