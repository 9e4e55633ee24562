"""What a nested stack exports is what its siblings import: the same resources, not another
deployment's of the same template."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.scan import Options, scan

TRUST = """
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: %s}, Action: "sts:AssumeRole"}]
"""
ROLES = f"""
Parameters:
  Unused: {{Type: String, Default: ""}}
Resources:
  Task:
    Type: AWS::IAM::Role
    Properties: {TRUST % "ecs-tasks.amazonaws.com"}
  Pipe:
    Type: AWS::IAM::Role
    Properties: {TRUST % "PIPES"}
      Policies:
        - PolicyName: run
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {{Effect: Allow, Action: [sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes], Resource: "*"}}
              - {{Effect: Allow, Action: "ecs:RunTask", Resource: "*"}}
              - {{Effect: Allow, Action: "iam:PassRole", Resource: [PASSED]}}
Outputs:
  Task: {{Value: !GetAtt Task.Arn, Export: {{Name: task-role}}}}
  Pipe: {{Value: !GetAtt Pipe.Arn, Export: {{Name: pipe-role}}}}
"""
APP = """
Parameters:
  TaskRole: {Type: String}
Resources:
  Cluster: {Type: AWS::ECS::Cluster}
  App:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      TaskRoleArn: !Ref TaskRole
      ContainerDefinitions: [{Name: app, Image: nginx}]
  Run:
    Type: AWS::Pipes::Pipe
    Properties:
      RoleArn: !ImportValue pipe-role
      Source: !Sub "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:jobs"
      Target: !GetAtt Cluster.Arn
      TargetParameters:
        EcsTaskParameters:
          TaskDefinitionArn: !Ref App
          LaunchType: FARGATE
          NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-1]}}
"""
ROOT = """
Resources:
  %s
  Roles:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./roles.yaml
"""
CHILD = """App:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./app.yaml
      Parameters: {TaskRole: %s}
"""


@pytest.mark.parametrize("role", ["!GetAtt Roles.Outputs.Task", "!ImportValue task-role"])
@pytest.mark.parametrize(
    ("passed", "service", "found"),
    [
        ("!GetAtt Task.Arn", "pipes.amazonaws.com", []),
        ("arn:aws:iam::111122223333:role/else", "pipes.amazonaws.com", ["ECS821"]),
        ("!GetAtt Task.Arn", "events.amazonaws.com", ["ECS505"]),
    ],
)
def test_a_sibling_imports_the_nested_stacks_own_resources(
    tmp_path: Path, role: str, passed: str, service: str, found: list[str]
) -> None:
    (tmp_path / "root.yaml").write_text(ROOT % (CHILD % role))
    (tmp_path / "app.yaml").write_text(APP)
    roles = ROLES.replace("PASSED", passed).replace("PIPES", service)
    (tmp_path / "roles.yaml").write_text(roles)
    report = scan([tmp_path], Options())
    assert [f.rule for f in report.findings if f.severity.value == "error"] == found
    assert not report.faults


def test_a_nested_stack_that_imports_what_it_exports_is_not_lost(tmp_path: Path) -> None:
    """Its own parameters hang on it: they are open, and what it holds is judged."""
    parameters = "      Parameters: {Unused: !ImportValue task-role}\n"
    (tmp_path / "root.yaml").write_text(ROOT % (CHILD % "!GetAtt Roles.Outputs.Task") + parameters)
    (tmp_path / "app.yaml").write_text(APP)
    (tmp_path / "roles.yaml").write_text(
        ROLES.replace("PASSED", "arn:aws:iam::111122223333:role/else").replace(
            "PIPES", "pipes.amazonaws.com"
        )
    )
    report = scan([tmp_path], Options())
    assert [f.rule for f in report.findings if f.severity.value == "error"] == ["ECS821"]
