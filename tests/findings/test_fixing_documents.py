"""What IAM refuses in a policy document is written as IAM takes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import Mended, mend
from ecs_preflight.analysis.scan import Options

ROLE = """\
resource "aws_iam_role" "task" {
  assume_role_policy = <<-EOF
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": { "Service": "ecs-tasks.amazonaws.com" },
          "Action": "sts:AssumeRole"
        }
      ]
    }
  EOF
}

resource "aws_iam_role_policy" "task" {
  role = aws_iam_role.task.id

  policy = POLICY
}

resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.task.arn
  container_definitions = jsonencode([{ name = "app", image = "nginx", memory = 128 }])
}
"""
ENCODED = """\
jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Send"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = "*"
      },
      {
        Sid      = "Files"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = "arn:aws:s3:::files"
      },
    ]
  })"""
TEXT = """\
<<-EOF
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": ["sqs:SendMessage"],
          "Resource": "*"
        }
      ]
    }
  EOF"""
FILES = """\
      {
        Sid      = "Files"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = "arn:aws:s3:::files"
      },
"""


def _mended(folder: Path, policy: str) -> Mended:
    (folder / "main.tf").write_text(ROLE.replace("POLICY", policy))
    made = mend([str(folder)], Options(), unsafe=True)
    assert "ECS508" in {finding.rule for finding in made.before.active}
    assert made.after.active == ()
    return made


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        ('"2012-10-17"', '"2012-10-18"', None),
        ('= "Allow"', '= "Allowed"', None),
        ('= "Allow"', '= "deny"', '= "Deny"'),
        ("Action   =", "Actions  =", None),
        ('"Files"', '"Send"', '"Send2"'),
        ('"Files"', '"Our-Files"', '"OurFiles"'),
        ("arn:aws:s3:::files", "arn:aws:s3:eu-west-1:123456789012:files", None),
        ('        Effect   = "Allow"\n', "", None),
    ],
)
def test_what_was_meant_is_written(tmp_path: Path, old: str, new: str, left: str | None) -> None:
    (change,) = _mended(tmp_path, ENCODED.replace(old, new)).changes
    wanted = ROLE.replace("POLICY", ENCODED if left is None else ENCODED.replace(old, left))
    assert sorted(change.after.split()) == sorted(wanted.split())


def test_a_statement_without_actions_is_left_out(tmp_path: Path) -> None:
    (change,) = _mended(tmp_path, ENCODED.replace('["s3:ListBucket"]', "[]")).changes
    assert change.after == ROLE.replace("POLICY", ENCODED.replace(FILES, ""))


def test_what_takes_no_resource_is_given_the_star(tmp_path: Path) -> None:
    text = ENCODED.replace("sqs:SendMessage", "ssmmessages:OpenDataChannel")
    bad = text.replace('        Resource = "*"\n', "")
    (change,) = _mended(tmp_path, bad).changes
    assert change.after.count('Resource = "*"') == 1


@pytest.mark.parametrize("empty", [ENCODED[: ENCODED.index("[")] + "[]\n  })", None])
def test_a_policy_without_statements_is_taken_off(tmp_path: Path, empty: str | None) -> None:
    bad = empty or TEXT.replace('["sqs:SendMessage"]', "[]")
    (change,) = _mended(tmp_path, bad).changes
    assert "aws_iam_role_policy" not in change.after


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"sqs:SendMessage"]', '"sqs:SendMessage",]'),
        ('"*"\n        }\n', '"*",\n        },\n'),
        ('"Allow",\n', '"Allow"\n'),
        ('        {\n          "Effect"', '        {\n          # ours\n          "Effect"'),
    ],
)
def test_json_is_punctuated(tmp_path: Path, old: str, new: str) -> None:
    assert old in TEXT
    bad = TEXT.replace(old, new)
    made = _mended(tmp_path, bad)
    assert made.changes[0].after == ROLE.replace("POLICY", TEXT)
    safely = mend([str(tmp_path)], Options(), unsafe=False)
    assert safely.changes == made.changes


def test_a_policy_without_statements_for_these_inputs_is_not_taken_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    head, _, tail = ROLE.partition("POLICY")
    listed = 'var.sends ? [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }] : []'
    chosen = f'jsonencode({{ Version = "2012-10-17", Statement = {listed} }})'
    variable = '\nvariable "sends" {\n  type    = bool\n  default = false\n}\n'
    Path("main.tf").write_text(head + chosen + tail + variable)
    made = mend(["."], Options(), unsafe=True)
    (finding,) = made.after.findings
    assert made.changes == () and finding.message.endswith("has no statement.")
    assert finding.fix is not None and "under the condition" in finding.fix.summary


TRUST = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
{statement}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - {{Name: app, Image: ghcr.io/example/app:1, Memory: 128}}
"""
BLOCK = """\
          - Effect: Allow
            Principal:
              Service: ecs-tasks.amazonaws.com
              Action: sts:AssumeRole"""
SERVICE = "              Service: ecs-tasks.amazonaws.com"
FEDERATED = "              Federated: accounts.google.com"
FLOW = """\
          - {Effect: Allow, Principal: {Action: 'sts:AssumeRole', Service: ecs-tasks.amazonaws.com}}"""


@pytest.mark.parametrize(
    ("statement", "mended"),
    [
        (BLOCK, BLOCK.replace("  Action", "Action")),
        (f"{BLOCK} # as it is\n", BLOCK.replace("  Action", "Action") + " # as it is\n"),
        (
            FLOW,
            "          - {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, "
            "Action: 'sts:AssumeRole'}",
        ),
        # Its place tells no more what the rest belongs to, or nothing is left.
        (f"{BLOCK}\n{SERVICE}".replace(f"{SERVICE}\n", "", 1), None),
        (BLOCK.replace(f"{SERVICE}\n", ""), None),
        # An action is what a trust policy needs: no statement is left out for want of one.
        (
            BLOCK.replace("\n              Action: sts:AssumeRole", ""),
            BLOCK.replace("  Action", "Action"),
        ),
        (f"          - Effect: Allow\n            Principal:\n{FEDERATED}", None),
    ],
)
def test_an_action_is_written_where_the_statement_has_it(
    statement: str, mended: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("template.yaml").write_text(TRUST.format(statement=statement))
    made = mend(["."], Options(select=("ECS508",)), unsafe=True)
    assert made.before.active
    after = [change.after for change in made.changes]
    assert after == ([] if mended is None else [TRUST.format(statement=mended)])
