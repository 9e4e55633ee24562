"""The execution role may not decrypt a secret or parameter under a customer managed key.

What it finds
    A secret, the one in which RDS keeps a database's password included, or a SecureString
    parameter, that the task reads is encrypted with a KMS key of the stack, and the execution role
    is not allowed ``kms:Decrypt`` on that key. A warning for environment files in a bucket that
    such a key encrypts.

Why it matters
    Secrets Manager and Parameter Store decrypt with the reader's permissions. The keys that AWS
    manages (``aws/secretsmanager``, ``aws/ssm``) allow it by themselves; a customer managed key
    does not.

Fix
    Allow ``kms:Decrypt`` on the key's ARN in a policy of the execution role. An alias or a key id
    in ``Resource`` matches nothing.

When it stays silent
    The key is AWS's or not part of the stack. The parameter is no SecureString. The key policy
    grants the role, or the whole account by way of the service.

References
    task_execution_IAM_role, cmks-in-iam-policies
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import iam
from ..ecs.objects import bucket_of
from ..ecs.secret_references import SecretReference, Store
from ..ecs.task_secrets import distinct_uses
from ..findings.finding import Phase, Severity
from ..findings.needs import Demand, Need
from ..findings.rule import Rule
from ..model import (
    Bucket,
    Key,
    Principal,
    Protected,
    Stack,
    StoredParameter,
    StoredSecret,
    TaskDefinition,
)
from ..symbolic.source import Span
from ..symbolic.values import literal, shown_value
from ._messages import RETRIEVAL_FAILED
from ._needs import check_needs

FAILS_WITH = RETRIEVAL_FAILED + "AccessDeniedException: Access to KMS is not allowed"
#: Ends the subject of a need for environment files.
FILES = "environment files"


def needs(stack: Stack) -> Iterator[Need]:
    for store in Store:
        for use, found in distinct_uses(stack, store):
            key = key_of(stack, found)
            if key is not None:
                yield _need(
                    use.task, key, use.span, f"decrypt secret {use.title}", key.address, store.value
                )
    for task in stack.task_definitions:
        for container in task.containers:
            for file in container.environment_files:
                bucket = stack.find(Bucket, bucket_of(file))
                key = stack.find(Key, bucket.kms_key) if bucket else None
                if key is not None:
                    yield _need(
                        task,
                        key,
                        file.span,
                        "decrypt the environment file of container "
                        f"'{shown_value(container.name)}'",
                        f"{key.address} {FILES}",
                        "s3",
                    )


def key_of(stack: Stack, found: SecretReference) -> Key | None:
    """The customer managed key of the stack which a secret or SecureString parameter is under."""
    kind: type[Protected] = (
        StoredSecret if found.store is Store.SECRETS_MANAGER else StoredParameter
    )
    resource = stack.find(kind, found.arn)
    if resource is None or (
        isinstance(resource, StoredParameter) and literal(resource.kind) != "SecureString"
    ):
        return None
    return stack.find(Key, resource.kms_key)


def _need(
    task: TaskDefinition, key: Key, because: Span, purpose: str, subject: str, service: str
) -> Need:
    via = tuple(iam.via_service(service, key.arn).items())
    return Need(
        owner=task,
        task=task,
        principal=Principal.EXECUTION,
        role=task.execution_role,
        demands=(Demand("kms:Decrypt", key.arn, via),),
        because=because,
        purpose=purpose,
        phase=Phase.START,
        subject=subject,
        fails_with=FAILS_WITH,
        # That the agent needs the key of an encrypted object is inferred, not documented (facts
        # C10).
        severity=Severity.WARNING if subject.endswith(FILES) else Severity.ERROR,
    )


RULE = Rule(
    "ECS607", "key-not-usable", (Severity.ERROR, Severity.WARNING), __doc__, check_needs, needs
)
