"""The ARNs of resources that do not exist yet, as texts with holes, and their parts.

Both front ends build them here, so that the same resource has the same text in either language. The
formats are those of the Service Authorization Reference (facts J2).
"""

from __future__ import annotations

import re

from .records import replace
from .strings.pieces import after
from .target import Target
from .terms import Name, Operation, Term
from .values import (
    Known,
    Shape,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    join,
    literal,
    shown_value,
    text,
    text_term,
)

#: Where a stack is deployed, when nothing in the code says so. Both languages use these very
#: symbols, so that ``${AWS::Region}`` and ``data.aws_region.current.name`` are one thing.
PARTITION = Unknown(
    "the partition is that of the deployment", Name("partition"), Why.APPLY, Shape.PARTITION
)
REGION = Unknown("the Region is that of the deployment", Name("region"), Why.APPLY, Shape.REGION)
ACCOUNT = Unknown(
    "the account is that of the deployment", Name("account"), Why.APPLY, Shape.ACCOUNT
)
ANY_TARGET = Target(PARTITION, REGION, ACCOUNT)
#: ``data.aws_partition.current.dns_suffix`` and ``${AWS::URLSuffix}``, where the partition is not
#: known.
DNS_SUFFIX = Unknown("the DNS suffix is that of the partition", Name("dns_suffix"), Why.APPLY)


def hole(address: str, attribute: str, shape: Shape = Shape.ANY, unique: bool = False) -> Unknown:
    """What is known of a resource only after deployment. ``unique``: AWS chooses it for this
    resource (a generated name, an id), so that no other resource has the same."""
    return Unknown(
        f"'{address}' gets its {attribute} at deployment",
        Name(f"{address}.{attribute}"),
        Why.APPLY,
        shape,
        unique=unique,
    )


def arn(target: Target, service: str, resource: Value | str, *, regional: bool = True) -> Value:
    """``arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE``; without ``regional``, REGION is empty."""
    return join(
        "arn:",
        target.partition,
        f":{service}:",
        target.region if regional else "",
        ":",
        target.account,
        ":",
        resource,
    )


def role(target: Target, path: Value, name: Value) -> Value:
    """``path`` is Known(None) or ``/a/b/``."""
    return arn(target, "iam", join("role", _path(path), name), regional=False)


def policy(target: Target, path: Value, name: Value) -> Value:
    """``path`` is Known(None) or ``/a/b/``."""
    return arn(target, "iam", join("policy", _path(path), name), regional=False)


def instance_profile(target: Target, path: Value, name: Value) -> Value:
    """``path`` is Known(None) or ``/a/b/``."""
    return arn(target, "iam", join("instance-profile", _path(path), name), regional=False)


def secret(target: Target, name: Value, address: str) -> Value:
    """The six characters that Secrets Manager appends are a hole of their own (facts C4)."""
    suffix = secret_suffix(text_term(expanded(name)) or Name(address))
    return arn(target, "secretsmanager", join("secret:", name, "-", suffix))


def database_secret(target: Target, kind: str, address: str) -> Value:
    """The secret that RDS makes for the master user of a database, ``kind`` "db" or "cluster"
    (RDS User Guide, "Password management with Amazon RDS and AWS Secrets Manager")."""
    identifier = hole(address, "master user secret", Shape.SEGMENT, unique=True)
    return secret(target, join(f"rds!{kind}-", identifier), address)


def secret_suffix(name: Term) -> Unknown:
    """What Secrets Manager appends to the secret of that name."""
    return Unknown(
        "Secrets Manager appends six characters",
        Operation("secret-suffix", (name,)),
        Why.APPLY,
        Shape.SUFFIX,
    )


def complete_secret(name: Value) -> Value:
    """A secret's name, or its ARN without them, with the six characters that Secrets Manager
    appends.

    A literal that ends in a hyphen and six characters is taken for a complete one, be it a word
    (``-secret``): that is how Secrets Manager reads it (facts C4).
    """
    name = expanded(name)
    if shown_value(name).startswith("arn:") and ":secret:" not in shown_value(name):
        return name
    end = name.parts[-1] if isinstance(name, Text) else literal(name)
    if isinstance(end, Unknown) or (end is None):
        ends_open = not (isinstance(end, Unknown) and end.shape is Shape.SUFFIX)
        return join(name, _suffix(name, Shape.ANY)) if ends_open else name
    tail = re.search(r"-([A-Za-z0-9]{6})$", str(end))
    return join(name, "-", _suffix(name, Shape.SUFFIX)) if tail is None else name


def _suffix(name: Value, shape: Shape) -> Unknown:
    bare = after(name, ":secret:")
    identity = text_term(bare) or Name(shown_value(bare))
    if shape is Shape.SUFFIX:
        return secret_suffix(identity)
    return replace(
        secret_suffix(identity), symbol=Operation("secret-end", (identity,)), shape=shape
    )


def parameter(target: Target, name: Value) -> Value:
    """``/app/db`` becomes ``parameter/app/db``: no second slash (facts C6)."""
    return arn(target, "ssm", join("parameter/", _without_leading_slash(name)))


def log_group(target: Target, name: Value) -> Value:
    """Without ``:*``, as Terraform exports it; CloudFormation's GetAtt appends ``:*`` (facts
    B5)."""
    return arn(target, "logs", join("log-group:", name))


def log_stream(target: Target, group: Value, stream: Value | str) -> Value:
    """A stream of the group; ``stream`` may be ``*``."""
    return arn(target, "logs", join("log-group:", group, ":log-stream:", stream))


def repository(target: Target, name: Value) -> Value:
    """A private ECR repository."""
    return arn(target, "ecr", join("repository/", name))


def bucket(target: Target, name: Value) -> Value:
    """An S3 bucket, whose ARN has neither Region nor account."""
    return join("arn:", target.partition, ":s3:::", name)


def key(target: Target, identifier: Value) -> Value:
    """A KMS key, by its id."""
    return arn(target, "kms", join("key/", identifier))


def cluster(target: Target, name: Value) -> Value:
    """An ECS cluster."""
    return arn(target, "ecs", join("cluster/", name))


def container_instance(target: Target, cluster: Value, address: str) -> Value:
    """The ARN of an instance in the cluster of that name, of those that the resource at the address
    makes."""
    instance = hole(address, "container instance", Shape.SEGMENT)
    return arn(target, "ecs", join("container-instance/", cluster, "/", instance))


def revision(address: str) -> Unknown:
    """The number that ECS gives to the task definition at the address."""
    return hole(address, "revision", Shape.REVISION)


def task_definition(target: Target, family: Value, revision: Value | str) -> Value:
    """``revision`` may be a number, a hole or ``*``."""
    return arn(target, "ecs", join("task-definition/", family, ":", revision))


def event_rule(target: Target, name: Value | str) -> Value:
    """An EventBridge rule of the default bus."""
    return arn(target, "events", join("rule/", name))


def file_system(target: Target, identifier: Value) -> Value:
    """An EFS file system, by its id."""
    return arn(target, "elasticfilesystem", join("file-system/", identifier))


def _path(path: Value) -> Value:
    return Known("/") if path == Known(None) else path


def _without_leading_slash(name: Value) -> Value:
    if isinstance(name, Known) and isinstance(name.value, str):
        return Known(name.value.removeprefix("/"), name.span)
    if isinstance(name, Text) and isinstance(name.parts[0], str) and name.parts[0].startswith("/"):
        remainder = name.parts[0][1:]
        return text(
            [Known(remainder), *(Known(p) if isinstance(p, str) else p for p in name.parts[1:])]
        )
    return name
