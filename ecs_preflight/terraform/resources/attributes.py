"""The computed attributes of Terraform's AWS resources and data sources, by type (facts L).

An attribute is a Reference to its resource with the text it will have: identity and text both
survive. Attributes that are another resource's (a secret version's ARN is its secret's) refer to
that one.
"""

from __future__ import annotations

from collections.abc import Callable

from ...adapters.fields import field, is_null
from ...adapters.identities import (
    ROLE,
    SECRET,
    Identity,
    reference,
    repository_url,
)
from ...adapters.reading import kind
from ...adapters.resource_types import TERRAFORM
from ...adapters.rows import identity_attribute
from ...adapters.units import Declared
from ...iam import managed
from ...symbolic import arns
from ...symbolic.records import replace
from ...symbolic.terms import Name
from ...symbolic.values import (
    Entries,
    Items,
    Known,
    Reference,
    Shape,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    join,
    literal,
    without_holes,
)
from .policy_documents import document

Attribute = Callable[[Declared, str], Value]


def attribute(declared: Declared, name: str) -> Value | None:
    """The computed attribute of that name; None for an argument, or if nothing is known of it."""
    find = ATTRIBUTES.get(kind(declared), {}).get(name)
    if find is not None:
        return find(declared, name)
    return identity_attribute(TERRAFORM.get(kind(declared)), declared, name)


def attributes_of(kind: str) -> tuple[str, ...]:
    """The attributes of a type of which something is known."""
    row = TERRAFORM.get(kind)
    return (*ATTRIBUTES.get(kind, ()), *(row.arn if row else ()), *(row.name if row else ()))


def _looked_up(
    identity: Identity, *, arn: str = "arn", name: str = "name", by: str = "arn"
) -> dict[str, Attribute]:
    """ARN and name (words in a string) of a data source that may be given the ARN itself, in
    argument ``by``."""

    def arn_of(d: Declared, a: str) -> Value:
        given = field(d.body, by)
        if is_null(given):
            return reference(d, a, identity.arn_of(d))
        # What is given as a whole is taken for a whole ARN.
        in_parts = identity is SECRET and not isinstance(given, Unknown)
        return reference(d, a, arns.complete_secret(given) if in_parts else given)

    def name_of(d: Declared, a: str) -> Value:
        given = field(d.body, *identity.names)
        if is_null(given):
            return reference(d, a, arns.hole(d.address, a, identity.shape))
        return reference(d, a, given)

    return {**dict.fromkeys(arn.split(), arn_of), **dict.fromkeys(name.split(), name_of)}


def _chosen(attribute: str, shape: Shape = Shape.SEGMENT) -> dict[str, Attribute]:
    """Attributes whose text only AWS knows: an id."""
    return {
        word: lambda d, a: reference(d, a, arns.hole(d.address, a, shape))
        for word in attribute.split()
    }


def _of(argument: str, attribute: str) -> Attribute:
    """An attribute that is another resource's, which ``argument`` names."""

    def find(declared: Declared, name: str) -> Value:
        other = field(declared.body, argument)
        if isinstance(other, Reference):
            return other if other.attribute == attribute else replace(other, attribute=attribute)
        return (
            reference(declared, name, other)
            if not is_null(other)
            else arns.hole(declared.address, name)
        )

    return find


# -- IAM -------------------------------------------------------------------------------------------


def _policy_json(declared: Declared, name: str) -> Value:
    """The document as a text that remembers its structure: one string with a symbol of its own."""
    text = arns.hole(declared.address, "json", Shape.FILLED)
    return Text((text,), declared.span, encodes=document(declared))


def _role_arn(declared: Declared, name: str) -> Value:
    """A role looked up by name may stand under any path."""
    path = arns.hole(declared.address, "path")
    return reference(declared, name, arns.role(declared.target, path, field(declared.body, "name")))


def _policy_arn(declared: Declared, name: str) -> Value:
    """A policy looked up by ARN, by the name of one of AWS's, or by that of somebody's own."""
    given, wanted = field(declared.body, "arn"), field(declared.body, "name")
    if not is_null(given):
        return reference(declared, name, given)
    root = Known(f"arn:aws:iam::aws:policy/{literal(wanted) or ''}")
    policy = managed.find(root) or managed.misplaced(root)
    if literal(wanted) and policy is not None:
        return reference(
            declared,
            name,
            join("arn:", declared.target.partition, ":iam::aws:policy/", policy.name),
        )
    path = arns.hole(declared.address, "path")
    return reference(declared, name, arns.policy(declared.target, path, wanted))


def _policy_content(declared: Declared, name: str) -> Value:
    """The document of a policy that is looked up, where it is one of AWS's."""
    found = managed.find(expanded(_policy_arn(declared, "arn")))
    if found is None:
        return _remote(declared, name)
    content = found.document(literal(declared.target.partition) or "aws")
    hole = arns.hole(declared.address, name, Shape.FILLED)
    return Text((hole,), declared.span, encodes=content)


# -- ECS -------------------------------------------------------------------------------------------


def _task_definition(declared: Declared, name: str) -> Value:
    family = field(declared.body, "family", "task_definition")
    revision = arns.revision(declared.address)
    arn = arns.task_definition(declared.target, family, revision)
    if name == "arn_without_revision":
        arn = arns.arn(declared.target, "ecs", join("task-definition/", family))
    return reference(declared, name, arn)


def _family(declared: Declared, name: str) -> Value:
    return reference(declared, name, field(declared.body, "family", "task_definition"))


# -- secrets, keys, storage ------------------------------------------------------------------------


def _secret_of_version(declared: Declared, name: str) -> Value:
    """A version's ARN is its secret's (facts L); a data source may name the secret by its name."""
    secret = field(declared.body, "secret_id")
    if isinstance(secret, Reference):
        return replace(secret, attribute="arn")
    if (literal(secret) or "").startswith("arn:") or isinstance(secret, (Unknown, Text)):
        return reference(declared, name, secret)
    return reference(declared, name, arns.secret(declared.target, secret, declared.address))


def _master_user_secret(kind: str) -> dict[str, Attribute]:
    """The one secret that RDS makes where it manages the password."""

    def find(declared: Declared, name: str) -> Value:
        is_managed = field(declared.body, "manage_master_user_password")
        if not declared.is_data and (is_null(is_managed) or is_managed == Known(False)):
            return Items((), span=declared.span)
        arn = arns.database_secret(declared.target, kind, declared.address)
        secret = (("secret_arn", reference(declared, f"{name}[0].secret_arn", arn)),)
        rest = arns.hole(declared.address, name)
        return Items((Entries(secret, rest, declared.span),), span=declared.span)

    return {"master_user_secret": find}


def _target_key_arn(declared: Declared, name: str) -> Value:
    target = field(declared.body, "target_key_id")
    if isinstance(target, Reference):
        if target.attribute == "arn":
            return target
        made = arns.key(declared.target, target.text or Text((target,)))
        return replace(target, attribute="arn", text=made if isinstance(made, Text) else None)
    if (literal(target) or "").startswith("arn:"):
        return target
    key = _of_alias(declared, field(declared.body, "name")) if is_null(target) else target
    return reference(
        declared, name, arns.key(declared.target, key) if name.endswith("arn") else key
    )


def _key_arn(declared: Declared, name: str) -> Value:
    """A key looked up by id, ARN or alias."""
    given = field(declared.body, "key_id")
    written = literal(given) or ""
    is_alias = "alias/" in without_holes(given)
    if isinstance(given, Reference) and given.attribute in ("arn", "key_id", "id") and not is_alias:
        return replace(given, attribute=name)
    if ":key/" in written:
        return reference(declared, name, given)
    key = given if written and not is_alias else _of_alias(declared, given)
    return reference(declared, name, arns.key(declared.target, key) if name == "arn" else key)


def _of_alias(declared: Declared, alias: Value) -> Unknown:
    """The id of the key that an alias points at; AWS's own alias names the key that AWS manages."""
    name = literal(alias) or ""
    return arns.hole(
        name if name.startswith("alias/aws/") else declared.address, "key id", Shape.SEGMENT
    )


def _or_hole(declared: Declared, value: Value, what: str) -> Value:
    return arns.hole(declared.address, what, Shape.SEGMENT) if is_null(value) else value


def _log_stream_arn(declared: Declared, name: str) -> Value:
    return reference(
        declared,
        name,
        arns.log_stream(
            declared.target, field(declared.body, "log_group_name"), field(declared.body, "name")
        ),
    )


def _url(declared: Declared, name: str) -> Value:
    return reference(declared, name, repository_url(declared))


def _parameter_value(declared: Declared, name: str) -> Value:
    """What a public parameter of AWS's holds is known by the parameter's name."""
    parameter = literal(field(declared.body, "name")) or ""
    if not parameter.startswith("/aws/service/"):
        return Reference(declared.address, name)
    reason = f"'{declared.address}' is read at deployment"
    return Unknown(reason, Name(f"{{{{resolve:ssm:{parameter}}}}}"), Why.OUTSIDE)


def _image_uri(declared: Declared, name: str) -> Value:
    digest = arns.hole(declared.address, "image_digest")
    return reference(declared, name, join(repository_url(declared), "@", digest))


def _object_arn(declared: Declared, name: str) -> Value:
    bucket = expanded(field(declared.body, "bucket"))
    return reference(
        declared, name, join(arns.bucket(declared.target, bucket), "/", field(declared.body, "key"))
    )


def _object_key(declared: Declared, name: str) -> Value:
    return reference(declared, name, field(declared.body, "key"))


def _file_system_arn(declared: Declared, name: str) -> Value:
    given = _or_hole(declared, field(declared.body, "file_system_id"), "id")
    return reference(declared, name, arns.file_system(declared.target, given))


# -- where the stack is deployed -------------------------------------------------------------------


def _region(declared: Declared, name: str) -> Value:
    given = field(declared.body, "region", "name")
    return declared.target.region if is_null(given) else given


def _dns_suffix(declared: Declared, name: str) -> Value:
    partition = literal(declared.target.partition)
    if partition is None:
        return arns.DNS_SUFFIX
    return Known("amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com")


def _place(part: str) -> Attribute:
    return lambda declared, name: getattr(declared.target, part)


def _remote(declared: Declared, name: str) -> Value:
    return Unknown(
        f"'{declared.address}' is managed elsewhere",
        Name(f"{declared.address}.{name}"),
        Why.OUTSIDE,
    )


#: What other attributes return than those that the table of resource types has.
ATTRIBUTES: dict[str, dict[str, Attribute]] = {
    "aws_iam_role": {**_chosen("unique_id")},
    "data.aws_iam_role": {
        "arn": _role_arn,
        **_looked_up(ROLE, arn="", name="name id"),
        **_chosen("unique_id"),
        "assume_role_policy": _remote,
    },
    "data.aws_iam_policy": {"arn": _policy_arn, "id": _policy_arn, "policy": _policy_content},
    "data.aws_iam_policy_document": {"json": _policy_json, "minified_json": _policy_json},
    "data.aws_iam_instance_profile": {"role_arn": _remote, "role_name": _remote, "arn": _remote},
    "aws_ecs_task_definition": {
        "arn": _task_definition,
        "arn_without_revision": _task_definition,
        "family": _family,
        "id": _family,
        **_chosen("revision", Shape.REVISION),
    },
    "data.aws_ecs_task_definition": {
        "arn": _task_definition,
        "id": _task_definition,
        "family": _family,
        **_chosen("revision", Shape.REVISION),
    },
    "aws_ecs_daemon_task_definition": {
        "arn": _task_definition,
        "family": _family,
        **_chosen("revision", Shape.REVISION),
    },
    "data.aws_secretsmanager_secret": _looked_up(SECRET, arn="arn id"),
    "aws_secretsmanager_secret_version": {"arn": _secret_of_version},
    "data.aws_secretsmanager_secret_version": {"arn": _secret_of_version},
    "aws_secretsmanager_secret_rotation": {"id": _secret_of_version},
    "aws_db_instance": _master_user_secret("db"),
    "data.aws_db_instance": _master_user_secret("db"),
    "aws_rds_cluster": _master_user_secret("cluster"),
    "data.aws_rds_cluster": _master_user_secret("cluster"),
    "data.aws_kms_key": dict.fromkeys(("arn", "id", "key_id"), _key_arn),
    "aws_kms_alias": {"target_key_arn": _target_key_arn},
    "data.aws_kms_alias": dict.fromkeys(("target_key_arn", "target_key_id"), _target_key_arn),
    "aws_cloudwatch_log_stream": {"arn": _log_stream_arn},
    "aws_ecr_repository": {
        "repository_url": _url,
        "registry_id": _place("account"),
    },
    "data.aws_ecr_repository": {"repository_url": _url},
    "data.aws_ecr_image": {"image_uri": _image_uri},
    "data.aws_ssm_parameter": dict.fromkeys(("value", "insecure_value"), _parameter_value),
    "aws_s3_object": {"arn": _object_arn, "key": _object_key, "id": _object_key},
    "aws_s3_bucket_object": {"arn": _object_arn, "key": _object_key, "id": _object_key},
    "data.aws_efs_file_system": {"arn": _file_system_arn},
    "aws_efs_access_point": {"file_system_arn": _file_system_arn, **_chosen("id")},
    "data.aws_region": dict.fromkeys(("region", "name", "id"), _region),
    "data.aws_caller_identity": dict.fromkeys(("account_id", "id"), _place("account")),
    "data.aws_partition": {
        **dict.fromkeys(("partition", "id"), _place("partition")),
        "dns_suffix": _dns_suffix,
    },
}
