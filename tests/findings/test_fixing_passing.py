"""Roles are passed to ECS tasks, and to the services whose calls the deployer may do too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options

TEMPLATE = """\
Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {{Service: codebuild.amazonaws.com}}
            Action: sts:AssumeRole
      Policies:
        - PolicyName: deploy
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: [ecs:RegisterTaskDefinition, {others}]
                Resource: '*'
              - Effect: Allow
                Action: iam:PassRole
                Resource: '*'
"""
DOCUMENT = """\
data "aws_iam_policy_document" "deploy" {{
  statement {{
    actions   = ["ecs:RegisterTaskDefinition", {others}]
    resources = ["*"]
  }}
  statement {{
    actions   = ["iam:PassRole"]
    resources = ["*"]
  }}
}}
resource "aws_iam_role" "deploy" {{
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "codebuild.amazonaws.com" }} }}]
  }})
}}
resource "aws_iam_role_policy" "deploy" {{
  role   = aws_iam_role.deploy.id
  policy = data.aws_iam_policy_document.deploy.json
}}
"""


def _after(folder: Path, name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    (folder / name).write_text(text)
    made = mend(["."], Options(), unsafe=True)
    assert {finding.rule for finding in made.before.active} == {"ECS822"}
    return made.changes[0].after if made.changes else text


@pytest.mark.parametrize(
    ("others", "services"),
    [
        ("logs:*", "ecs-tasks.amazonaws.com"),
        ("events:PutTargets", "[ecs-tasks.amazonaws.com, events.amazonaws.com]"),
        ("lambda:*", "[ecs-tasks.amazonaws.com, lambda.amazonaws.com]"),
    ],
)
def test_in_a_template(
    others: str, services: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = _after(tmp_path, "stack.yaml", TEMPLATE.format(others=others), monkeypatch)
    assert f"iam:PassedToService: {services}\n" in after


def test_in_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = DOCUMENT.format(others='"scheduler:CreateSchedule"')
    after = _after(tmp_path, "main.tf", text, monkeypatch)
    listed = json.dumps(["ecs-tasks.amazonaws.com", "scheduler.amazonaws.com"])
    assert f"    values   = {listed}\n" in after


def test_where_that_is_not_known_a_person_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = TEMPLATE.format(others='"sagemaker:*"')
    assert _after(tmp_path, "stack.yaml", text, monkeypatch) == text
