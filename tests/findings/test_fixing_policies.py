"""Policies added to a role whose own policies are there in other deployments only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

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
LOGIN = {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}
IN_PRODUCTION = {
    "Fn::If": [
        "Production",
        {"PolicyName": "own", "PolicyDocument": {"Statement": [LOGIN]}},
        {"Ref": "AWS::NoValue"},
    ]
}


def _template(policies: Any) -> dict[str, Any]:
    role = {"AssumeRolePolicyDocument": TRUST, "Policies": policies}
    secrets = [
        {"Name": "DB", "ValueFrom": {"Ref": "Secret"}},
        {"Name": "KEY", "ValueFrom": "/app/key"},
    ]
    container = {"Name": "app", "Image": "nginx", "Memory": 128, "Secrets": secrets}
    task = {
        "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "ContainerDefinitions": [container],
    }
    return {
        "Parameters": {"Stage": {"Type": "String", "Default": "test"}},
        "Conditions": {"Production": {"Fn::Equals": [{"Ref": "Stage"}, "production"]}},
        "Resources": {
            "Secret": {"Type": "AWS::SecretsManager::Secret"},
            "Role": {"Type": "AWS::IAM::Role", "Properties": role},
            "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": task},
        },
    }


def test_two_findings_share_one_policy_in_a_json_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("app.json").write_text(json.dumps(_template([IN_PRODUCTION]), indent=2))
    made = mend(["app.json"], Options(), unsafe=True)
    assert {finding.rule for finding in made.before.findings} == {"ECS605", "ECS606"}
    assert made.after.findings == ()
    (change,) = made.changes
    role = json.loads(change.after)["Resources"]["Role"]["Properties"]
    first, second = role["Policies"]
    assert first == IN_PRODUCTION
    actions = {s["Action"] for s in second["PolicyDocument"]["Statement"]}
    assert actions == {"secretsmanager:GetSecretValue", "ssm:GetParameters"}


@pytest.mark.parametrize("policies", [{"Fn::If": ["Production", [], []]}, []])
def test_what_is_no_list_of_policies_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, policies: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("app.json").write_text(json.dumps(_template(policies), indent=2))
    made = mend(["app.json"], Options(), unsafe=True)
    assert {finding.rule for finding in made.after.findings} == {"ECS605", "ECS606"}
    assert made.changes == ()


YAML = """\
Parameters:
  Stage: {Type: String, Default: test}
Conditions:
  Production: !Equals [!Ref Stage, production]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
      # of production alone
      - !If
        - Production
        - PolicyName: own
          PolicyDocument:
            Statement: [{Effect: Allow, Action: 'ecr:GetAuthorizationToken', Resource: '*'}]

        - !Ref AWS::NoValue
      # behind it
      RoleName: app
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions: [{Name: app, Image: nginx, Memory: 128, Secrets: [{Name: A, ValueFrom: /app/key}]}]
"""


def test_the_policy_stands_behind_the_others_of_its_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("app.yaml").write_text(YAML)
    made = mend(["app.yaml"], Options(), unsafe=True)
    assert [finding.rule for finding in made.before.findings] == ["ECS606"]
    assert made.after.findings == ()
    kept = made.changes[0].after.splitlines()
    assert [line for line in kept if line in YAML.splitlines()] == YAML.splitlines()
    at = kept.index("      - PolicyName: ecs-permissions")
    assert kept[at - 1] == "        - !Ref AWS::NoValue"


LOOP = """\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Apps:
    - Name
    - [Cart, Orders]
    - ${Name}Task:
        Type: AWS::ECS::TaskDefinition
        Properties:
          RequiresCompatibilities: [FARGATE]
          NetworkMode: awsvpc
          Cpu: '256'
          Memory: '512'
          ContainerDefinitions: [{Name: app, Image: nginx}]
      ${Name}Service:
        Type: AWS::ECS::Service
        Properties:
          LaunchType: FARGATE
          TaskDefinition: !Ref
            Fn::Sub: ${Name}Task
          NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-1]}}
          EnableExecuteCommand: true
  Topic:
    Type: AWS::SNS::Topic
"""


@pytest.mark.parametrize("name", ["app.yaml", "app.json"])
def test_what_a_loop_makes_of_one_item_is_not_named_in_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    looped = yaml.safe_load(LOOP.replace("!Ref", ""))
    apps = looped["Resources"]["Fn::ForEach::Apps"][2]
    service = apps["${Name}Service"]["Properties"]
    service["TaskDefinition"] = {"Ref": service["TaskDefinition"]}
    Path(name).write_text(LOOP if name.endswith("yaml") else json.dumps(looped, indent=2))
    made = mend([name], Options(), unsafe=True)
    rules = [finding.rule for finding in made.after.findings]
    assert rules.count("ECS701") == 2, rules
    assert made.changes == ()


def test_the_item_of_a_loop_is_named_in_the_loop_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = {"PolicyName": "own", "PolicyDocument": {"Statement": [LOGIN]}}
    role = _template([own])["Resources"]["Role"]
    looped = yaml.safe_load(LOOP.replace("!Ref", ""))
    apps = looped["Resources"]["Fn::ForEach::Apps"][2]
    del apps["${Name}Service"]
    task = apps["${Name}Task"]["Properties"]
    task["ExecutionRoleArn"] = {"Fn::GetAtt": ["Role", "Arn"]}
    secret = {"Name": "KEY", "ValueFrom": {"Fn::Sub": "/app/${Name}"}}
    task["ContainerDefinitions"][0]["Secrets"] = [secret]
    looped["Resources"]["Role"] = role
    Path("app.json").write_text(json.dumps(looped, indent=2))
    made = mend(["app.json"], Options(), unsafe=True)
    assert made.changes == ()
    one, other = (finding.fix for finding in made.after.findings)
    assert one and "parameter/app/Cart" in one.snippet
    assert other and "parameter/app/Orders" in other.snippet


def test_a_star_for_the_login_is_not_taken_for_the_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    template = _template([{"PolicyName": "own", "PolicyDocument": {"Statement": [LOGIN]}}])
    task = template["Resources"]["Task"]["Properties"]
    image = {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/app:1"}
    task["ContainerDefinitions"] = [{"Name": "app", "Image": image}]
    task |= {"RequiresCompatibilities": ["FARGATE"], "NetworkMode": "awsvpc"}
    task |= {"Cpu": "256", "Memory": "512"}
    Path("app.json").write_text(json.dumps(template, indent=2))
    made = mend(["app.json"], Options(), unsafe=True)
    assert [finding.rule for finding in made.before.findings] == ["ECS602"]
    assert made.after.findings == ()
    role = json.loads(made.changes[0].after)["Resources"]["Role"]["Properties"]
    login, pull = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert login == LOGIN
    assert pull["Resource"]["Fn::Sub"].endswith(":repository/app")


def test_a_policy_that_several_roles_get_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("main.tf").write_text(
        f"""\
resource "aws_iam_role" "exec" {{
  for_each           = toset(["api", "web"])
  assume_role_policy = jsonencode({json.dumps(TRUST)})
}}

resource "aws_ecs_task_definition" "app" {{
  for_each              = toset(["api"])
  family                = "app"
  execution_role_arn    = aws_iam_role.exec[each.key].arn
  container_definitions = jsonencode([{{
    name = "app", image = "nginx", memory = 128
    secrets = [{{ name = "KEY", valueFrom = "/app/key" }}]
  }}])
}}
"""
    )
    made = mend(["."], Options(), unsafe=True)
    (finding,) = made.before.findings
    assert finding.fix is not None
    assert finding.fix.summary == "Give each 'aws_iam_role.exec' a policy:"
    assert "  for_each = aws_iam_role.exec\n" in made.changes[0].after
    assert made.after.findings == ()
