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


SHARED = """\
resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:eu-west-1:123456789012:app" }]
  })
}

resource "aws_ecs_task_definition" "app" {
  family                = "app"
  execution_role_arn    = aws_iam_role.app.arn
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "nginx", memory = 128 }])
}

resource "aws_iam_role" "deploy" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "codebuild.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "deploy" {
  role = aws_iam_role.deploy.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["ecs:RegisterTaskDefinition", "ecs:UpdateService"], Resource = "*" },
      { Effect = "Allow", Action = "iam:PassRole", Resource = PASSED },
    ]
  })
}
"""
NEW = "aws_iam_role.app_execution.arn"


@pytest.mark.parametrize(
    ("passed", "then"),
    [
        ("aws_iam_role.app.arn", f"[aws_iam_role.app.arn, {NEW}]"),
        ("[aws_iam_role.app.arn]", f"[aws_iam_role.app.arn, {NEW}]"),
        ("[aws_iam_role.deploy.arn]", "[aws_iam_role.deploy.arn]"),
        ('"*"', '"*"'),
    ],
)
def test_a_new_role_is_passed_by_who_passes_the_one_it_is_beside(
    passed: str, then: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text(SHARED.replace("PASSED", passed))
    made = mend(["."], Options(select=("ECS624",)), unsafe=True)
    assert [finding.rule for finding in made.before.active] == ["ECS624"]
    assert made.after.active == () and made.unsound == ()
    assert f'Action = "iam:PassRole", Resource = {then} }}' in made.changes[0].after
