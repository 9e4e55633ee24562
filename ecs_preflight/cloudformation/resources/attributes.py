"""What ``Ref`` and ``Fn::GetAtt`` return, by resource type (facts M; Template Reference).

Each is a Reference to the resource with the text it will have: identity and text both survive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...adapters.fields import field, is_null
from ...adapters.identities import (
    ALIAS,
    BUCKET,
    CAPACITY_PROVIDER,
    CLUSTER,
    DELIVERY_STREAM,
    FILE_SYSTEM,
    FUNCTION,
    INSTANCE_PROFILE,
    KEY,
    LAUNCH_TEMPLATE,
    LOG_GROUP,
    PARAMETER,
    POLICY,
    REPOSITORY,
    ROLE,
    S3_FILE_SYSTEM,
    SCALING_GROUP,
    SECRET,
    STREAM,
    Identity,
    reference,
    repository_url,
)
from ...adapters.units import Declared
from ...symbolic import arns
from ...symbolic.values import Reference, Shape, Value, join

Attribute = Callable[[Declared, str], Value]
#: The name under which the tables hold what ``Ref`` returns.
REF = "Ref"


def attribute(declared: Declared, name: str) -> Value | None:
    """What ``Fn::GetAtt`` of that attribute returns; None when nothing is known of it."""
    find = ATTRIBUTES.get(declared.type, {}).get(name)
    return find(declared, name) if find else None


def ref(declared: Declared) -> Value | None:
    """What ``Ref`` of the resource returns; None when nothing is known of it."""
    return attribute(declared, REF)


def _arn(identity: Identity, suffix: str = "") -> Attribute:
    def find(declared: Declared, name: str) -> Value:
        arn = identity.arn_of(declared)
        return reference(declared, name, join(arn, suffix) if suffix else arn)

    return find


def _name(identity: Identity) -> Attribute:
    return lambda declared, name: reference(declared, name, identity.name_of(declared))


def _id(declared: Declared, name: str) -> Value:
    return reference(declared, name, arns.hole(declared.address, "id", Shape.SEGMENT))


def _named(identity: Identity, arn: str = "Arn") -> dict[str, Attribute]:
    """Types of which Ref is the name, and one attribute the ARN."""
    return {REF: _name(identity), arn: _arn(identity)}


def _task_definition(declared: Declared, name: str) -> Value:
    """Ref is the ARN with its revision."""
    family = field(declared.body, "Family")
    if is_null(family):
        family = arns.hole(declared.address, "family", Shape.SEGMENT)
    revision = arns.hole(declared.address, "revision", Shape.SEGMENT)
    return reference(declared, name, arns.task_definition(declared.target, family, revision))


def _attached_secret(declared: Declared, name: str) -> Value:
    """A secret's attachment to its database stands for the secret itself."""
    secret = field(declared.body, "SecretId")
    if isinstance(secret, Reference):
        return replace(secret, attribute="Id")
    return reference(declared, name, secret)


def _parameter_value(declared: Declared, name: str) -> Value:
    return field(declared.body, "Value")


def _repository_uri(declared: Declared, name: str) -> Value:
    return reference(declared, name, repository_url(declared))


def _access_point_arn(declared: Declared, name: str) -> Value:
    identifier = arns.hole(declared.address, "id", Shape.SEGMENT)
    return reference(
        declared,
        name,
        arns.arn(declared.target, "elasticfilesystem", join("access-point/", identifier)),
    )


ATTRIBUTES: dict[str, dict[str, Attribute]] = {
    "AWS::IAM::Role": {**_named(ROLE), "RoleId": _id},
    "AWS::IAM::ManagedPolicy": {REF: _arn(POLICY), "PolicyArn": _arn(POLICY)},
    "AWS::IAM::InstanceProfile": _named(INSTANCE_PROFILE),
    "AWS::ECS::Cluster": _named(CLUSTER),
    "AWS::ECS::CapacityProvider": {REF: _name(CAPACITY_PROVIDER)},
    "AWS::ECS::TaskDefinition": {REF: _task_definition, "TaskDefinitionArn": _task_definition},
    "AWS::ECS::DaemonTaskDefinition": {
        REF: _task_definition,
        "DaemonTaskDefinitionArn": _task_definition,
    },
    "AWS::SecretsManager::Secret": {REF: _arn(SECRET), "Id": _arn(SECRET)},
    "AWS::SecretsManager::SecretTargetAttachment": {REF: _attached_secret, "Id": _attached_secret},
    "AWS::SSM::Parameter": {REF: _name(PARAMETER), "Value": _parameter_value},
    "AWS::KMS::Key": {REF: _name(KEY), "Arn": _arn(KEY), "KeyId": _name(KEY)},
    "AWS::KMS::ReplicaKey": {REF: _name(KEY), "Arn": _arn(KEY), "KeyId": _name(KEY)},
    "AWS::KMS::Alias": {REF: _name(ALIAS)},
    # Unlike Terraform's, this ARN ends in ":*" (facts B5).
    "AWS::Logs::LogGroup": {REF: _name(LOG_GROUP), "Arn": _arn(LOG_GROUP, ":*")},
    "AWS::ECR::Repository": {**_named(REPOSITORY), "RepositoryUri": _repository_uri},
    "AWS::S3::Bucket": _named(BUCKET),
    "AWS::EFS::FileSystem": {
        REF: _name(FILE_SYSTEM),
        "FileSystemId": _name(FILE_SYSTEM),
        "Arn": _arn(FILE_SYSTEM),
    },
    "AWS::EFS::AccessPoint": {REF: _id, "AccessPointId": _id, "Arn": _access_point_arn},
    "AWS::S3Files::FileSystem": {
        REF: _arn(S3_FILE_SYSTEM),
        "FileSystemArn": _arn(S3_FILE_SYSTEM),
        "FileSystemId": _name(S3_FILE_SYSTEM),
    },
    "AWS::EC2::LaunchTemplate": {REF: _id, "LaunchTemplateId": _id},
    "AWS::AutoScaling::LaunchConfiguration": {REF: _name(LAUNCH_TEMPLATE)},
    "AWS::Lambda::Function": _named(FUNCTION),
    "AWS::Serverless::Function": _named(FUNCTION),
    "AWS::Kinesis::Stream": _named(STREAM),
    "AWS::KinesisFirehose::DeliveryStream": _named(DELIVERY_STREAM),
    "AWS::AutoScaling::AutoScalingGroup": _named(SCALING_GROUP),
}
