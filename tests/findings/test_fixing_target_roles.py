"""A target that has no role to run its task with is given one, in the form of the place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options

TRUST = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]
}
TASK = {
    "Family": "app",
    "NetworkMode": "awsvpc",
    "TaskRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
    "ContainerDefinitions": [{"Name": "app", "Image": "nginx", "Memory": 128}],
}
TARGET = {
    "Id": "app",
    "Arn": {"Fn::Sub": "arn:aws:ecs:${AWS::Region}:${AWS::AccountId}:cluster/main"},
    "EcsParameters": {
        "TaskDefinitionArn": {"Ref": "Task"},
        "LaunchType": "FARGATE",
        "NetworkConfiguration": {"AwsVpcConfiguration": {"Subnets": ["subnet-0a1b2c3d4e5f60718"]}},
    },
}


def template(**more: object) -> str:
    rule = {"ScheduleExpression": "rate(1 day)", "Targets": [{**TARGET, **more}]}
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
        "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": TASK},
        "Nightly": {"Type": "AWS::Events::Rule", "Properties": rule},
    }
    return json.dumps({"Resources": resources}, indent=2)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_in_a_json_template(folder: Path) -> None:
    (folder / "template.json").write_text(template())
    made = mend(["."], Options(), unsafe=True)
    assert "ECS821" in {finding.rule for finding in made.before.active}
    assert "ECS821" not in {finding.rule for finding in made.after.active}
    resources = json.loads(made.changes[0].after)["Resources"]
    (target,) = resources["Nightly"]["Properties"]["Targets"]
    assert target == {**TARGET, "RoleArn": {"Fn::GetAtt": ["NightlyEventsRole", "Arn"]}}
    role = resources["NightlyEventsRole"]["Properties"]
    trusted = role["AssumeRolePolicyDocument"]["Statement"]
    assert [each["Principal"] for each in trusted] == [{"Service": "events.amazonaws.com"}]
    (policy,) = role["Policies"]
    allowed = {each["Action"]: each["Resource"] for each in policy["PolicyDocument"]["Statement"]}
    assert allowed["iam:PassRole"] == {"Fn::GetAtt": ["Role", "Arn"]}


def test_a_role_that_comes_to_nothing_is_not_named_twice(folder: Path) -> None:
    (folder / "template.json").write_text(template(RoleArn={"Ref": "AWS::NoValue"}))
    made = mend(["."], Options(), unsafe=True)
    assert "ECS821" in {finding.rule for finding in made.before.active}
    assert made.changes == () or made.changes[0].after.count('"RoleArn"') == 1


def test_beside_the_target_in_terraform(folder: Path) -> None:
    (folder / "main.tf").write_text(
        """
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "nginx", memory = 128 }])
}

resource "aws_cloudwatch_event_target" "app" {
  rule = "nightly"
  arn  = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"
  ecs_target {
    task_definition_arn = aws_ecs_task_definition.app.arn
  }
}

# what follows
variable "x" {}
"""
    )
    made = mend(["."], Options(), unsafe=True)
    assert {finding.rule for finding in made.before.active} >= {"ECS821"}
    assert "ECS821" not in {finding.rule for finding in made.after.active}
    text = made.changes[0].after
    assert "  rule     = " in text and "  role_arn = aws_iam_role.app_events.arn\n" in text
    assert "      },\n    ]\n  })\n}\n\n# what follows\n" in text
