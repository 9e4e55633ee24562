"""Forms of grants that CDK's constructs write, each by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.findings.finding import Met, Severity

RUN = {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": {"Ref": "Task"}}
CLUSTER = {"Fn::GetAtt": ["Cluster", "Arn"]}


def trusted(service: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        ],
    }


def role(service: str, *statements: dict[str, Any]) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": trusted(service),
            "Policies": [
                {
                    "PolicyName": "p",
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)},
                }
            ],
        },
    }


def report(root: Path, **resources: dict[str, Any]) -> Report:
    path = root / "Stack.template.json"
    path.write_text(
        json.dumps(
            {
                "Resources": {
                    "Cluster": {"Type": "AWS::ECS::Cluster"},
                    "Other": {"Type": "AWS::ECS::Cluster"},
                    **resources,
                }
            },
            indent=1,
        )
    )
    return scan([path], Options(notes=True))


def scheduled(root: Path, cluster: str) -> Report:
    """An EventBridge target in one cluster, whose role may run the task in ``cluster``."""
    condition = {"ArnEquals": {"ecs:cluster": {"Fn::GetAtt": [cluster, "Arn"]}}}
    return report(
        root,
        Role=role("events.amazonaws.com", {**RUN, "Condition": condition}),
        Task={
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {
                "Family": "job",
                "ContainerDefinitions": [{"Name": "a", "Image": "nginx"}],
            },
        },
        Rule={
            "Type": "AWS::Events::Rule",
            "Properties": {
                "Targets": [
                    {
                        "Id": "1",
                        "Arn": CLUSTER,
                        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                        "EcsParameters": {"TaskDefinitionArn": {"Ref": "Task"}},
                    }
                ]
            },
        },
    )


def instances(root: Path, cluster: str) -> Report:
    """An instance that joins one cluster, whose role may register and poll in ``cluster``."""
    joined = {"Fn::GetAtt": [cluster, "Arn"]}
    return report(
        root,
        Role=role(
            "ec2.amazonaws.com",
            {
                "Effect": "Allow",
                "Resource": joined,
                "Action": ["ecs:RegisterContainerInstance", "ecs:Submit*"],
            },
            {
                "Effect": "Allow",
                "Resource": "*",
                "Action": "ecs:Poll",
                "Condition": {"ArnEquals": {"ecs:cluster": joined}},
            },
            {"Effect": "Allow", "Resource": "*", "Action": "ecs:DiscoverPollEndpoint"},
        ),
        Profile={"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [{"Ref": "Role"}]}},
        Launch={
            "Type": "AWS::AutoScaling::LaunchConfiguration",
            "Properties": {
                "IamInstanceProfile": {"Ref": "Profile"},
                "UserData": {
                    "Fn::Base64": {
                        "Fn::Join": [
                            "",
                            [
                                "#!/bin/bash\necho ECS_CLUSTER=",
                                {"Ref": "Cluster"},
                                " >> /etc/ecs/ecs.config",
                            ],
                        ]
                    }
                },
            },
        },
    )


def verdicts(found: Report, rule: str) -> list[str]:
    return [type(outcome).__name__ for outcome in found.outcomes if outcome.rule == rule]


def test_a_target_may_run_its_task_in_the_cluster_its_role_is_limited_to(tmp_path: Path) -> None:
    assert verdicts(scheduled(tmp_path, "Cluster"), "ECS821") == [Met.__name__]


def test_a_target_may_not_run_its_task_where_its_role_is_limited_to_another(tmp_path: Path) -> None:
    assert verdicts(scheduled(tmp_path, "Other"), "ECS821") != [Met.__name__]


def test_an_instance_joins_the_cluster_its_role_is_limited_to(tmp_path: Path) -> None:
    assert verdicts(instances(tmp_path, "Cluster"), "ECS825") == [Met.__name__]


def test_an_instance_may_not_join_where_its_role_is_limited_to_another(tmp_path: Path) -> None:
    assert verdicts(instances(tmp_path, "Other"), "ECS825") != [Met.__name__]


def test_what_a_grant_brings_along_and_the_agent_never_calls_is_a_note(tmp_path: Path) -> None:
    parameter = {"Fn::Sub": "arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter/db"}
    found = report(
        tmp_path,
        Role=role(
            "ecs-tasks.amazonaws.com",
            {
                "Effect": "Allow",
                "Resource": parameter,
                "Action": ["ssm:DescribeParameters", "ssm:GetParameters"],
            },
        ),
        Task={
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {
                "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "ContainerDefinitions": [
                    {"Name": "a", "Image": "nginx", "Secrets": [{"Name": "DB", "ValueFrom": "/db"}]}
                ],
            },
        },
    )
    assert [f.severity for f in found.findings if f.rule == "ECS629"] == [Severity.NOTE]
    assert verdicts(found, "ECS606") == [Met.__name__]


def test_the_grant_on_another_secret_of_the_stack_is_no_grant_on_one_whose_name_is_generated(
    tmp_path: Path,
) -> None:
    found = report(
        tmp_path,
        Named={"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "team"}},
        Generated={"Type": "AWS::SecretsManager::Secret"},
        Role=role(
            "ecs-tasks.amazonaws.com",
            {
                "Effect": "Allow",
                "Action": "secretsmanager:GetSecretValue",
                "Resource": {"Ref": "Named"},
            },
        ),
        Task={
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {
                "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "ContainerDefinitions": [
                    {
                        "Name": "a",
                        "Image": "nginx",
                        "Secrets": [
                            {"Name": name, "ValueFrom": {"Ref": name}}
                            for name in ("Named", "Generated")
                        ],
                    }
                ],
            },
        },
    )
    assert sorted(verdicts(found, "ECS605")) == ["Finding", "Met"]
