"""What tasks use: secrets, parameters, keys, log groups, repositories, buckets, file systems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from ..model import (
    Bucket,
    DatabaseSecret,
    FileSystem,
    Key,
    LogGroup,
    Protected,
    PullThroughCache,
    RegistryPolicy,
    Repository,
    Several,
    StoredParameter,
    StoredSecret,
)
from ..symbolic import arns
from ..symbolic.records import replace
from ..symbolic.source import Span
from ..symbolic.values import (
    ABSENT,
    Entries,
    Items,
    Known,
    Unknown,
    Value,
    Why,
    first,
    join,
    literal,
)
from . import identities
from .documents import policy_document
from .fields import base, field, is_null, maps, nothing, scalars
from .identities import Identity
from .patches import Fact, Patch
from .tags import tags_of
from .units import Declared

Item = TypeVar("Item", bound=Protected)


def _protected(
    kind: type[Item],
    identity: Identity,
    key: tuple[str, ...] = ("KmsKeyId",),
    policy: tuple[str, ...] = (),
) -> Callable[[Declared], Iterator[Fact]]:
    """A reader of one kind: ``key`` and ``policy`` say where its KMS key and its policy stand."""

    def read(declared: Declared) -> Iterator[Fact]:
        body = declared.body
        yield kind(
            **base(declared),
            name=identity.name_of(declared),
            arn=identity.arn_of(declared),
            kms_key=field(body, *key) if key else ABSENT,
            policy=policy_document(field(body, *policy)) if policy else ABSENT,
            tags=tags_of(declared),
        )

    return read


secret = _protected(StoredSecret, identities.SECRET, policy=("Policy",))
log_group = _protected(LogGroup, identities.LOG_GROUP, policy=("ResourcePolicyDocument",))
repository = _protected(
    Repository,
    identities.REPOSITORY,
    policy=("RepositoryPolicyText",),
    key=("EncryptionConfiguration.KmsKey",),
)
bucket = _protected(
    Bucket,
    identities.BUCKET,
    policy=("Policy",),
    key=(
        "BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault."
        "KmsMasterKeyId",
        "ServerSideEncryptionConfiguration.Rule.ApplyServerSideEncryptionByDefault.KmsMasterKeyId",
    ),
)
efs_file_system = _protected(FileSystem, identities.FILE_SYSTEM, policy=("FileSystemPolicy",))


def _database(kind: str) -> Callable[[Declared], Iterator[Fact]]:
    """A reader of databases, ``kind`` "db" or "cluster": of the secret that RDS makes where it
    manages the password (facts C13)."""

    def read(declared: Declared) -> Iterator[Fact]:
        body = declared.body
        if literal(field(body, "ManageMasterUserPassword")) in (None, "false"):
            return
        yield DatabaseSecret(
            **base(declared),
            name=ABSENT,
            arn=arns.database_secret(declared.target, kind, declared.address),
            kms_key=field(body, "MasterUserSecretKmsKeyId", "MasterUserSecret.KmsKeyId"),
        )

    return read


db_instance = _database("db")
db_cluster = _database("cluster")


def key(declared: Declared) -> Iterator[Fact]:
    """A KMS key."""
    yield _key(declared, field(declared.body, "MultiRegion"))


def replica_key(declared: Declared) -> Iterator[Fact]:
    """A replica, which is a multi-Region key as its primary is."""
    yield _key(declared, Known(True, declared.span))


def _key(declared: Declared, multi_region: Value) -> Key:
    return Key(
        **base(declared),
        name=identities.KEY.name_of(declared),
        arn=identities.KEY.arn_of(declared),
        policy=policy_document(field(declared.body, "KeyPolicy", "Policy")),
        multi_region=multi_region,
        tags=tags_of(declared),
    )


def parameter(declared: Declared) -> Iterator[Fact]:
    """An SSM parameter; an encrypted one says its key in ``key_id``."""
    yield StoredParameter(
        **base(declared),
        name=identities.PARAMETER.name_of(declared),
        arn=identities.PARAMETER.arn_of(declared),
        kms_key=field(declared.body, "KeyId"),
        kind=field(declared.body, "Type"),
        tags=tags_of(declared),
    )


def s3_file_system(declared: Declared) -> Iterator[Fact]:
    """An S3 Files file system, and the bucket behind it (facts D3)."""
    yield FileSystem(
        **base(declared),
        name=identities.S3_FILE_SYSTEM.name_of(declared),
        arn=identities.S3_FILE_SYSTEM.arn_of(declared),
        kms_key=field(declared.body, "KmsKeyId"),
    )


def pull_through_cache(declared: Declared) -> Iterator[Fact]:
    """A rule that lets ECR fetch images of another registry under a prefix."""
    yield PullThroughCache(**base(declared), prefix=field(declared.body, "EcrRepositoryPrefix"))


def registry_policy(declared: Declared) -> Iterator[Fact]:
    """The policy of the account's private registry."""
    document = policy_document(field(declared.body, "PolicyText", "Policy"))
    yield RegistryPolicy(**base(declared), document=document)


def policy_of(kind: type[Protected], *target: str) -> Callable[[Declared], Iterator[Fact]]:
    """A reader of resources which hold the resource policy of the one that ``target`` names."""

    def read(declared: Declared) -> Iterator[Fact]:
        document = policy_document(
            field(declared.body, "PolicyDocument", "ResourcePolicy", "FileSystemPolicy", "Policy")
        )
        if declared.conditional is not None:
            document = declared.conditional
        yield Patch(
            kind,
            field(declared.body, *target),
            lambda item: replace(item, policy=document),
            lambda item, reason: replace(item, policy=reason),
            declared.address,
            declared.span,
        )

    return read


def log_resource_policy(declared: Declared) -> Iterator[Fact]:
    """A CloudWatch Logs resource policy, which is the account's: it adds to every group's."""
    document = policy_document(field(declared.body, "PolicyDocument"))
    if declared.conditional is not None:
        document = declared.conditional
    everywhere = Unknown("it is about every log group", why=Why.GRANT, span=declared.span)
    yield Patch(
        LogGroup,
        everywhere,
        lambda group: group,
        lambda group, _: replace(group, policy=_both(group.policy, document)),
        declared.address,
        declared.span,
    )


def _both(one: Value, other: Value) -> Value:
    """The statements of two policy documents as one document."""
    if is_null(one) or is_null(other):
        return other if is_null(one) else one
    if not isinstance(one, Entries) or not isinstance(other, Entries):
        return other if isinstance(one, Entries) else one
    listed = [maps(field(document, "Statement"), lambda item: item) for document in (one, other)]
    statements = Items(
        tuple(item for items in listed for item in items),
        first(*(items.remainder for items in listed)),
        other.span,
    )
    return Entries((("Version", other.get("Version")), ("Statement", statements)), span=other.span)


def key_grant(declared: Declared) -> Iterator[Fact]:
    """``aws_kms_grant``: what a principal may do with a key, whatever its policies say of that."""
    body = declared.body
    constraints = field(body, "Constraints")
    allows = declared.conditional or (
        _allowing(field(body, "GranteePrincipal"), field(body, "Operations"), declared.span)
        if is_null(constraints) or constraints == Items(())
        else Unknown("the grant is for one encryption context", why=Why.GRANT, span=declared.span)
    )
    yield Patch(
        Key,
        field(body, "KeyId"),
        lambda key: replace(key, grants=(*key.grants, allows)),
        lambda key, reason: replace(key, grants=(*key.grants, reason)),
        declared.address,
        declared.span,
    )


def _allowing(principal: Value, operations: Value, span: Span) -> Value:
    """The grant as the statement of a policy."""
    listed = scalars(operations)
    actions = tuple(join("kms:", operation) for operation in listed)
    statement = Entries(
        (
            ("Effect", Known("Allow", span)),
            ("Principal", Entries((("AWS", principal),), span=span)),
            ("Action", Items(actions, listed.remainder, span)),
            ("Resource", Known("*", span)),
        ),
        span=span,
    )
    return Entries((("Statement", Items((statement,), span=span)),), span=span)


def bucket_encryption(declared: Declared) -> Iterator[Fact]:
    """``aws_s3_bucket_server_side_encryption_configuration``."""
    keys = maps(
        field(declared.body, "Rule"),
        lambda rule: field(rule, "ApplyServerSideEncryptionByDefault.KmsMasterKeyId"),
    )
    named = next((key for key in keys if not is_null(key)), nothing(keys.remainder, declared.span))
    if declared.conditional is not None and not is_null(named):
        named = declared.conditional
    yield Patch(
        Bucket,
        field(declared.body, "Bucket"),
        lambda item: replace(item, kms_key=named),
        lambda item, reason: replace(item, kms_key=reason),
        declared.address,
        declared.span,
    )


def key_alias(declared: Declared) -> Iterator[Fact]:
    """A KMS alias: one more name of a key."""
    names = identities.ALIAS.name_of(declared), identities.ALIAS.arn_of(declared)
    yield Patch(
        Key,
        field(declared.body, "TargetKeyId"),
        lambda item: replace(
            item, aliases=Several((*item.aliases, *names), item.aliases.remainder)
        ),
        lambda item, reason: replace(item, aliases=replace(item.aliases, remainder=reason)),
        declared.address,
        declared.span,
    )
