"""What ``Ref`` and ``Fn::GetAtt`` return, by resource type (facts M; Template Reference).

Each is a Reference to the resource with the text it will have: identity and text both survive.
"""

from __future__ import annotations

from collections.abc import Callable

from ...adapters.fields import field
from ...adapters.identities import (
    reference,
    repository_url,
)
from ...adapters.resource_types import CLOUDFORMATION
from ...adapters.rows import REF, identity_attribute
from ...adapters.tasks import family
from ...adapters.units import Declared
from ...symbolic import arns
from ...symbolic.records import replace
from ...symbolic.values import Reference, Shape, Value, join

Attribute = Callable[[Declared, str], Value]


def attribute(declared: Declared, name: str) -> Value | None:
    """What ``Fn::GetAtt`` of that attribute returns; None when nothing is known of it."""
    find = ATTRIBUTES.get(declared.type, {}).get(name)
    if find is not None:
        return find(declared, name)
    return identity_attribute(CLOUDFORMATION.get(declared.type), declared, name)


def attributes_of(kind: str) -> tuple[str, ...]:
    """The attributes of a type of which something is known."""
    row = CLOUDFORMATION.get(kind)
    return (*ATTRIBUTES.get(kind, ()), *(row.arn if row else ()), *(row.name if row else ()))


def ref(declared: Declared) -> Value | None:
    """What ``Ref`` of the resource returns; None when nothing is known of it."""
    return attribute(declared, REF)


def _id(declared: Declared, name: str) -> Value:
    return reference(declared, name, arns.hole(declared.address, "id", Shape.SEGMENT))


def _task_definition(declared: Declared, name: str) -> Value:
    """Ref is the ARN with its revision."""
    revision = arns.revision(declared.address)
    definition = arns.task_definition(declared.target, family(declared), revision)
    return reference(declared, name, definition)


def _attached_secret(declared: Declared, name: str) -> Value:
    """A secret's attachment to its database stands for the secret itself."""
    secret = field(declared.body, "SecretId")
    if isinstance(secret, Reference):
        return replace(secret, attribute="Id")
    return reference(declared, name, secret)


def _master_user_secret(kind: str) -> dict[str, Attribute]:
    return {
        "MasterUserSecret.SecretArn": lambda declared, name: reference(
            declared, name, arns.database_secret(declared.target, kind, declared.address)
        )
    }


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


#: What other attributes return than those that the table of resource types has.
ATTRIBUTES: dict[str, dict[str, Attribute]] = {
    "AWS::IAM::Role": {"RoleId": _id},
    "AWS::ECS::TaskDefinition": {REF: _task_definition, "TaskDefinitionArn": _task_definition},
    "AWS::ECS::DaemonTaskDefinition": {
        REF: _task_definition,
        "DaemonTaskDefinitionArn": _task_definition,
    },
    "AWS::SecretsManager::SecretTargetAttachment": {REF: _attached_secret, "Id": _attached_secret},
    "AWS::RDS::DBInstance": _master_user_secret("db"),
    "AWS::RDS::DBCluster": _master_user_secret("cluster"),
    "AWS::SSM::Parameter": {"Value": _parameter_value},
    "AWS::ECR::Repository": {"RepositoryUri": _repository_uri},
    "AWS::EFS::AccessPoint": {REF: _id, "AccessPointId": _id, "Arn": _access_point_arn},
    "AWS::EC2::LaunchTemplate": {REF: _id, "LaunchTemplateId": _id},
}
