"""A role that SAM generates is given its permissions in the policies of its function or machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Nightly:
    Type: AWS::Serverless::StateMachine
    Properties:
POLICIES      Definition:
        StartAt: Run
        States:
          Run:
            Type: Task
            Resource: arn:aws:states:::ecs:runTask
            Parameters:
              Cluster: batch
              TaskDefinition: !Ref Task
              LaunchType: FARGATE
              NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-1]}}
            End: true
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: nightly
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ContainerDefinitions:
        - Name: app
          Image: nginx
"""
RESOURCE = (
    "!Sub arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:task-definition/nightly:*"
)
ITEM = f"""\
        - Statement:
            - Effect: Allow
              Action: ecs:RunTask
              Resource: {RESOURCE}
"""
READS = "AmazonDynamoDBReadOnlyAccess"


def _mended(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    made = mend([str(folder / name)], Options(), unsafe=True)
    assert [finding.rule for finding in made.before.findings] == ["ECS821"]
    assert made.after.findings == ()
    (change,) = made.changes
    return change.after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"      Policies:\n{ITEM}"),
        (f"      Policies: {READS}\n", f"      Policies:\n        - {READS}\n{ITEM}"),
        (
            f"      Policies:\n      - {READS} # the table\n",
            f"      Policies:\n      - {READS} # the table\n" + ITEM.replace("\n  ", "\n")[2:],
        ),
        (
            f"      Policies:\n        - {READS}\n        - Statement:\n            - Effect: Allow\n"
            "              Action: sqs:SendMessage\n              Resource: '*'\n",
            f"      Policies:\n        - {READS}\n        - Statement:\n            - Effect: Allow\n"
            "              Action: sqs:SendMessage\n              Resource: '*'\n"
            + ITEM.split("\n", 1)[1],
        ),
        (
            f"      Policies: [{READS}]\n",
            f"      Policies: [{READS}, {{ Statement: [{{ Effect: Allow, Action: ecs:RunTask, "
            f"Resource: {RESOURCE.replace(' ', f' {chr(39)}', 1)}' }}] }}]\n",
        ),
    ],
)
def test_the_statement_is_an_item_of_the_policies(tmp_path: Path, before: str, after: str) -> None:
    found = _mended(tmp_path, "template.yaml", TEMPLATE.replace("POLICIES", before))
    assert found == TEMPLATE.replace("POLICIES", after)


@pytest.mark.parametrize("policies", [None, READS, [READS]])
def test_so_it_is_in_json(tmp_path: Path, policies: object) -> None:
    states = {
        "StartAt": "Run",
        "States": {
            "Run": {
                "Type": "Task",
                "Resource": "arn:aws:states:::ecs:runTask",
                "Parameters": {
                    "Cluster": "batch",
                    "TaskDefinition": {"Ref": "Task"},
                    "LaunchType": "FARGATE",
                    "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["subnet-1"]}},
                },
                "End": True,
            }
        },
    }
    given = {} if policies is None else {"Policies": policies}
    task = {"Family": "nightly", "ContainerDefinitions": [{"Name": "app", "Image": "nginx"}]}
    fargate = {"RequiresCompatibilities": ["FARGATE"], "NetworkMode": "awsvpc"}
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Nightly": {
                "Type": "AWS::Serverless::StateMachine",
                "Properties": {"Definition": states, **given},
            },
            "Task": {
                "Type": "AWS::ECS::TaskDefinition",
                "Properties": {**task, **fargate, "Cpu": "256", "Memory": "512"},
            },
        },
    }
    found = json.loads(_mended(tmp_path, "template.json", json.dumps(template, indent=2)))
    listed = found["Resources"]["Nightly"]["Properties"]["Policies"]
    assert listed[:-1] == ([] if policies is None else [READS])
    assert [each["Action"] for each in listed[-1]["Statement"]] == ["ecs:RunTask"]
