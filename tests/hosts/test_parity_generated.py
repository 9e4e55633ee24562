"""The same small stack in Terraform and in CloudFormation: the same findings, the same doubts.

A stack is drawn as plain data in which ``Of`` stands for an attribute of a resource; two functions
write it in the two languages.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecs_preflight.analysis.scan import Options, Report, scan
from ecs_preflight.findings.finding import AnyOutcome, Finding, Met
from ecs_preflight.symbolic.records import dataclass

#: Faults that can be written in one of the languages alone.
ONE_LANGUAGE = {"ECS634", "ECS826"}


@dataclass(frozen=True)
class Of:
    """``attribute`` (arn, name, url) of the stack's ``resource``, with text after it."""

    resource: str
    attribute: str = "arn"
    after: str = ""


TYPES = {
    "secret": ("aws_secretsmanager_secret", "AWS::SecretsManager::Secret"),
    "parameter": ("aws_ssm_parameter", "AWS::SSM::Parameter"),
    "key": ("aws_kms_key", "AWS::KMS::Key"),
    "group": ("aws_cloudwatch_log_group", "AWS::Logs::LogGroup"),
    "repository": ("aws_ecr_repository", "AWS::ECR::Repository"),
    "bucket": ("aws_s3_bucket", "AWS::S3::Bucket"),
    "cluster": ("aws_ecs_cluster", "AWS::ECS::Cluster"),
    "task": ("aws_ecs_task_definition", "AWS::ECS::TaskDefinition"),
    "service": ("aws_ecs_service", "AWS::ECS::Service"),
    "execution": ("aws_iam_role", "AWS::IAM::Role"),
    "application": ("aws_iam_role", "AWS::IAM::Role"),
}


# -- what is drawn ---------------------------------------------------------------------------------

SECRETS = st.sampled_from(
    [
        Of("secret"),
        Of("secret", after=":password::"),
        Of("secret", after=":password"),
        Of("parameter"),
        "/app/parameter",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:other-AbC123",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:other:user::",
    ]
)
IMAGES = st.sampled_from(
    [
        "public.ecr.aws/nginx/nginx:1",
        Of("repository", "url", ":1"),
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/other:1",
    ]
)
LOGS = st.sampled_from(
    [
        None,
        {"awslogs-group": "/app/own"},
        {"awslogs-group": "/app/other"},
        {"awslogs-group": "/app/other", "awslogs-create-group": "true"},
    ]
)
FILES = st.sampled_from([[], [Of("bucket", after="/app.env")], ["arn:aws:s3:::other/app.env"]])
CONTAINERS = st.fixed_dictionaries(
    {
        "image": IMAGES,
        "log": LOGS,
        "files": FILES,
        "read_only": st.sampled_from([None, True]),
        "secrets": st.lists(SECRETS, max_size=2),
    }
)

ACTIONS = st.lists(
    st.sampled_from(
        [
            "secretsmanager:GetSecretValue",
            "secretsmanager:*",
            "ssm:GetParameters",
            "ssm:GetParameter",
            "kms:Decrypt",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "logs:*",
            "logs:CreateLogGroup",
            "ecr:GetAuthorizationToken",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
            "ecr:*",
            "s3:GetObject",
            "s3:GetBucketLocation",
            "ssmmessages:*",
            "ssmmessages:CreateDataChannel",
            "*",
        ]
    ),
    min_size=1,
    max_size=3,
    unique=True,
)
RESOURCES = st.lists(
    st.sampled_from(
        [
            "*",
            Of("secret"),
            Of("parameter"),
            Of("key"),
            Of("group", after=":*"),
            Of("repository"),
            Of("bucket"),
            Of("bucket", after="/*"),
            "arn:aws:logs:*:*:log-group:/app/other",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:other-??????",
            "arn:aws:ssm:eu-west-1:111122223333:parameter//app/parameter",
            "arn:aws:kms:eu-west-1:111122223333:alias/app",
        ]
    ),
    min_size=1,
    max_size=2,
    unique_by=str,
)
CONDITIONS = st.sampled_from(
    [
        None,
        None,
        None,
        {"StringEquals": {"aws:ResourceTag/team": "app"}},
        {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        {"Bool": {"aws:SecureTransport": "true"}},
    ]
)
STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Allow", "Allow", "Deny"]),
        "Action": ACTIONS,
        "Resource": RESOURCES,
        "Condition": CONDITIONS,
    }
)
TRUSTED = st.sampled_from(
    [
        {"Service": "ecs-tasks.amazonaws.com"},
        {"Service": "ecs-tasks.amazonaws.com"},
        {"Service": ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"]},
        {"Service": "ecs.amazonaws.com"},
        {"AWS": "*"},
    ]
)
MANAGED = st.sampled_from(
    [
        [],
        ["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"],
        ["arn:aws:iam::aws:policy/AmazonECSTaskExecutionRolePolicy"],
        ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"],
    ]
)
ROLES = st.fixed_dictionaries(
    {
        "trusted": TRUSTED,
        "managed": MANAGED,
        "form": st.sampled_from(["own", "beside", "customer"]),
        "trust_condition": st.sampled_from([None, None, {"StringEquals": {"sts:ExternalId": "x"}}]),
        "statements": st.lists(STATEMENTS, max_size=4),
    }
)
STACKS = st.fixed_dictionaries(
    {
        "containers": st.lists(CONTAINERS, min_size=1, max_size=2),
        "compatibility": st.sampled_from(["FARGATE", "EC2", None]),
        "launch": st.sampled_from(
            [None, {"exec": True}, {"exec": False}, {"exec": True, "platform": "1.3.0"}]
        ),
        "roles": st.sampled_from(
            [
                ("execution", "application"),
                ("execution", None),
                (None, None),
                (None, "application"),
                ("execution", "execution"),
            ]
        ),
        "execution": ROLES,
        "application": ROLES,
        "encrypted": st.booleans(),
        "audited": st.sampled_from([None, "OVERRIDE", "NONE"]),
        "audit_key": st.booleans(),
    }
)


def container(number: int, drawn: dict[str, Any]) -> dict[str, Any]:
    """As the ECS API spells it."""
    log = drawn["log"] and {
        "logDriver": "awslogs",
        "options": {"awslogs-region": "eu-west-1", "awslogs-stream-prefix": "app", **drawn["log"]},
    }
    return present(
        {
            "name": f"c{number}",
            "image": drawn["image"],
            "essential": True,
            "readonlyRootFilesystem": drawn["read_only"],
            "logConfiguration": log,
            "environmentFiles": [{"type": "s3", "value": file} for file in drawn["files"]],
            "secrets": [
                {"name": f"S{i}", "valueFrom": value} for i, value in enumerate(drawn["secrets"])
            ],
        }
    )


def document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [present(each) for each in statements]}


def trust(role: dict[str, Any]) -> dict[str, Any]:
    return document(
        [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": role["trusted"],
                "Condition": role["trust_condition"],
            }
        ]
    )


def present(entries: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entries.items() if value not in (None, [])}


# -- Terraform -------------------------------------------------------------------------------------


def terraform(drawn: dict[str, Any]) -> str:
    """The stack in Terraform's JSON syntax."""
    resources: dict[str, dict[str, Any]] = {}

    def add(name: str, kind: str, /, **arguments: Any) -> None:
        resources.setdefault(kind, {})[name] = in_place(present(arguments), _interpolated)

    def own(name: str, /, **arguments: Any) -> None:
        add(name, TYPES[name][0], **arguments)

    key = Of("key") if drawn["encrypted"] else None
    own("key")
    own("secret", name="app", kms_key_id=key)
    own("parameter", name="/app/parameter", type="String", value="v")
    own("group", name="/app/own")
    own("repository", name="app")
    own("bucket", bucket="app-configuration")
    own(
        "cluster",
        name="app",
        configuration=drawn["audited"]
        and [
            {
                "execute_command_configuration": [
                    present(
                        {
                            "logging": drawn["audited"],
                            "kms_key_id": Of("key") if drawn["audit_key"] else None,
                            "log_configuration": [{"cloud_watch_log_group_name": "/app/own"}]
                            if drawn["audited"] == "OVERRIDE"
                            else None,
                        }
                    )
                ]
            }
        ],
    )
    execution, application = drawn["roles"]
    own(
        "task",
        family="app",
        network_mode="awsvpc",
        cpu=256,
        memory=512,
        requires_compatibilities=[drawn["compatibility"]] if drawn["compatibility"] else None,
        execution_role_arn=execution and Of(execution),
        task_role_arn=application and Of(application),
        container_definitions=_encoded([container(*c) for c in enumerate(drawn["containers"])]),
    )
    if drawn["launch"]:
        own(
            "service",
            name="app",
            cluster=Of("cluster"),
            task_definition=Of("task"),
            launch_type="FARGATE",
            enable_execute_command=drawn["launch"]["exec"],
            platform_version=drawn["launch"].get("platform"),
        )
    for name in ("execution", "application"):
        _terraform_role(name, drawn[name], add)
    return json.dumps({"data": {"aws_region": {"current": {}}}, "resource": resources}, indent=1)


def _terraform_role(name: str, role: dict[str, Any], add: Callable[..., None]) -> None:
    policy = _encoded(document(role["statements"]))
    inline = role["form"] == "own" and role["statements"]
    add(
        name,
        "aws_iam_role",
        name=name,
        assume_role_policy=_encoded(trust(role)),
        inline_policy=[{"name": "p", "policy": policy}] if inline else None,
    )
    if role["statements"] and role["form"] == "beside":
        add(name, "aws_iam_role_policy", name="p", role=Of(name, "name"), policy=policy)
    if role["statements"] and role["form"] == "customer":
        add(name, "aws_iam_policy", name=f"{name}-p", policy=policy)
        add(
            name,
            "aws_iam_role_policy_attachment",
            role=Of(name, "name"),
            policy_arn=f"${{aws_iam_policy.{name}.arn}}",
        )
    for arn in role["managed"]:
        add(
            f"{name}_managed",
            "aws_iam_role_policy_attachment",
            role=Of(name, "name"),
            policy_arn=arn,
        )


def _interpolated(reference: Of) -> str:
    attribute = {"url": "repository_url"}.get(reference.attribute, reference.attribute)
    kind, name = TYPES[reference.resource][0], reference.resource
    return f"${{{kind}.{name}.{attribute}}}{reference.after}"


def _encoded(data: Any) -> str:
    """JSON in a string, with the references interpolated."""
    return json.dumps(in_place(data, _interpolated))


# -- CloudFormation --------------------------------------------------------------------------------


def cloudformation(drawn: dict[str, Any]) -> str:
    """The stack as a JSON template, which is YAML as well."""
    resources: dict[str, Any] = {}

    def add(name: str, kind: str, /, **properties: Any) -> None:
        resources[name] = {"Type": kind, "Properties": in_place(present(properties), _intrinsic)}

    def own(name: str, /, **properties: Any) -> None:
        add(name, TYPES[name][1], **properties)

    own("key", KeyPolicy=None)
    own("secret", Name="app", KmsKeyId=Of("key") if drawn["encrypted"] else None)
    own("parameter", Name="/app/parameter", Type="String", Value="v")
    own("group", LogGroupName="/app/own")
    own("repository", RepositoryName="app")
    own("bucket", BucketName="app-configuration")
    own(
        "cluster",
        ClusterName="app",
        Configuration=drawn["audited"]
        and {
            "ExecuteCommandConfiguration": present(
                {
                    "Logging": drawn["audited"],
                    "KmsKeyId": Of("key") if drawn["audit_key"] else None,
                    "LogConfiguration": {"CloudWatchLogGroupName": "/app/own"}
                    if drawn["audited"] == "OVERRIDE"
                    else None,
                }
            )
        },
    )
    execution, application = drawn["roles"]
    own(
        "task",
        Family="app",
        NetworkMode="awsvpc",
        Cpu="256",
        Memory="512",
        RequiresCompatibilities=[drawn["compatibility"]] if drawn["compatibility"] else None,
        ExecutionRoleArn=execution and Of(execution),
        TaskRoleArn=application and Of(application),
        ContainerDefinitions=[_pascal(container(*c)) for c in enumerate(drawn["containers"])],
    )
    if drawn["launch"]:
        own(
            "service",
            ServiceName="app",
            Cluster=Of("cluster"),
            TaskDefinition=Of("task"),
            LaunchType="FARGATE",
            EnableExecuteCommand=drawn["launch"]["exec"],
            PlatformVersion=drawn["launch"].get("platform"),
        )
    for name in ("execution", "application"):
        _cloudformation_role(name, drawn[name], add)
    return json.dumps({"Resources": resources}, indent=1)


def _cloudformation_role(name: str, role: dict[str, Any], add: Callable[..., None]) -> None:
    policy = document(role["statements"])
    inline = role["form"] == "own" and role["statements"]
    add(
        name,
        "AWS::IAM::Role",
        RoleName=name,
        AssumeRolePolicyDocument=trust(role),
        ManagedPolicyArns=role["managed"],
        Policies=[{"PolicyName": "p", "PolicyDocument": policy}] if inline else None,
    )
    if role["statements"] and role["form"] == "beside":
        add(
            f"{name}Policy",
            "AWS::IAM::Policy",
            PolicyName="p",
            PolicyDocument=policy,
            Roles=[Of(name, "name")],
        )
    if role["statements"] and role["form"] == "customer":
        add(
            f"{name}Policy",
            "AWS::IAM::ManagedPolicy",
            ManagedPolicyName=f"{name}-p",
            PolicyDocument=policy,
            Roles=[Of(name, "name")],
        )


def _intrinsic(reference: Of) -> Any:
    name, after = reference.resource, reference.after
    if name == "parameter":
        return {"Fn::Sub": "arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter${parameter}"}
    if name == "group":
        return {"Fn::GetAtt": ["group", "Arn"]} if after == ":*" else {"Ref": "group"}
    if name in ("secret", "task") or reference.attribute == "name":
        return {"Fn::Sub": f"${{{name}}}{after}"} if after else {"Ref": name}
    attribute = {"url": "RepositoryUri"}.get(reference.attribute, "Arn")
    return (
        {"Fn::Sub": f"${{{name}.{attribute}}}{after}"}
        if after
        else {"Fn::GetAtt": [name, attribute]}
    )


def _pascal(data: Any) -> Any:
    if isinstance(data, dict):
        return {
            key[0].upper() + key[1:]: item if key == "options" else _pascal(item)
            for key, item in data.items()
        }
    return [_pascal(item) for item in data] if isinstance(data, list) else data


def in_place(data: Any, written: Callable[[Of], Any]) -> Any:
    """The data with each ``Of`` replaced by how the language writes it."""
    if isinstance(data, Of):
        return written(data)
    if isinstance(data, dict):
        return {key: in_place(item, written) for key, item in data.items()}
    return [in_place(item, written) for item in data] if isinstance(data, list) else data


# -- the comparison --------------------------------------------------------------------------------


def said(report: Report) -> set[tuple[str, str, str]]:
    """What is reported of which resource: (rule, its name, severity or undecided)."""
    return {
        (o.rule, o.owner.address.rpartition(".")[2], _verdict(o))
        for o in report.outcomes
        if not isinstance(o, Met) and o.rule not in ONE_LANGUAGE
    }


def _verdict(outcome: AnyOutcome) -> str:
    return outcome.severity.value if isinstance(outcome, Finding) else "undecided"


def both(drawn: dict[str, Any], root: Path) -> tuple[Report, Report]:
    root.mkdir(exist_ok=True)
    (root / "main.tf.json").write_text(terraform(drawn))
    (root / "template.json").write_text(cloudformation(drawn))
    options = Options(notes=True)
    return scan([root / "main.tf.json"], options), scan([root / "template.json"], options)


def agree(drawn: dict[str, Any], root: Path) -> None:
    ours, theirs = both(drawn, root)
    assert ours.stats.task_definitions == theirs.stats.task_definitions == 1
    assert said(ours) == said(theirs)


RELAXED = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@settings(RELAXED, max_examples=60)
@given(STACKS)
def test_both_languages_say_the_same(
    tmp_path_factory: pytest.TempPathFactory, drawn: dict[str, Any]
) -> None:
    agree(drawn, tmp_path_factory.getbasetemp() / "parity")


@pytest.mark.slow
@settings(RELAXED, max_examples=1000)
@given(STACKS)
def test_both_languages_say_the_same_of_many(
    tmp_path_factory: pytest.TempPathFactory, drawn: dict[str, Any]
) -> None:
    agree(drawn, tmp_path_factory.getbasetemp() / "parity-of-many")
