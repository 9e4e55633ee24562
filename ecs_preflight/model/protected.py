"""What tasks read and write, which may have a policy of its own."""

from __future__ import annotations

from typing import ClassVar

from ..symbolic.records import dataclass
from ..symbolic.values import ABSENT, Entries, Unknown, Value
from .common import NO_TAGS_SEEN, Resource, Several


@dataclass(frozen=True, kw_only=True)
class Protected(Resource):
    """A resource that tasks use and that may have a policy of its own.

    ``name`` is its name, ``arn`` its ARN as far as known, ``kms_key`` the key it is encrypted with,
    ``policy`` the document of its resource policy (Known(None) without one), ``tags`` its tags by
    their keys. Of the class: ``service`` is the prefix of the actions on it, ``held`` what follows
    its ARN in those of what it holds.
    """

    service: ClassVar[str] = ""
    held: ClassVar[str] = ""

    name: Value
    arn: Value
    kms_key: Value = ABSENT
    policy: Value = ABSENT
    tags: Entries | Unknown = NO_TAGS_SEEN


@dataclass(frozen=True, kw_only=True)
class StoredSecret(Protected):
    """A Secrets Manager secret."""

    service: ClassVar[str] = "secretsmanager"


@dataclass(frozen=True, kw_only=True)
class DatabaseSecret(StoredSecret):
    """The secret in which RDS keeps the password of the database that stands at its address."""


@dataclass(frozen=True, kw_only=True)
class StoredParameter(Protected):
    """An SSM parameter; ``kind`` is String, StringList or SecureString."""

    service: ClassVar[str] = "ssm"
    kind: Value = ABSENT


@dataclass(frozen=True, kw_only=True)
class LogGroup(Protected):
    """A CloudWatch log group; ``arn`` is without ``:*``."""

    service: ClassVar[str] = "logs"
    held: ClassVar[str] = ":*"


@dataclass(frozen=True, kw_only=True)
class Repository(Protected):
    """An ECR repository."""

    service: ClassVar[str] = "ecr"


@dataclass(frozen=True, kw_only=True)
class Bucket(Protected):
    """An S3 bucket."""

    service: ClassVar[str] = "s3"
    held: ClassVar[str] = "/*"


@dataclass(frozen=True, kw_only=True)
class Key(Protected):
    """A KMS key; ``aliases`` are the names and ARNs of the aliases that point at it, ``grants``
    what its KMS grants allow, each as a policy document (KMS Developer Guide, "grants").

    ``escapes`` says who out of sight may give it a policy, where it has none here.
    """

    service: ClassVar[str] = "kms"
    aliases: Several[Value] = Several()
    grants: tuple[Value, ...] = ()
    multi_region: Value = ABSENT
    escapes: Unknown | None = None

    @property
    def names(self) -> tuple[Value, ...]:
        """By what the key may be referred to, aliases included."""
        return (*super().names, *self.aliases)


@dataclass(frozen=True, kw_only=True)
class FileSystem(Protected):
    """An EFS file system (``policy`` is its file system policy) or an S3 Files one."""

    service: ClassVar[str] = "elasticfilesystem"


@dataclass(frozen=True, kw_only=True)
class PullThroughCache(Resource):
    """An ECR pull-through cache rule."""

    prefix: Value


@dataclass(frozen=True, kw_only=True)
class RegistryPolicy(Resource):
    """The permissions policy of the account's private ECR registry."""

    document: Value


#: What may have a policy of its own, by the prefix of the actions on it.
BY_SERVICE: dict[str, type[Protected]] = {
    kind.service: kind
    for kind in (StoredSecret, StoredParameter, LogGroup, Repository, Bucket, Key, FileSystem)
}
