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
    The key is AWS's. The parameter is no SecureString. The key policy grants the role, or the whole
    account by way of the service, or a KMS grant the role; of a key that is not part of the stack
    they may do so (undecided).

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
from ..symbolic import arns
from ..symbolic.answers import Yes, is_absent
from ..symbolic.records import replace
from ..symbolic.source import Span
from ..symbolic.values import Unknown, Value, Why, expanded, literal, shown_value
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
                subject = key.address if isinstance(key, Key) else f"the key of secret {use.title}"
                purpose = f"decrypt secret {use.title}"
                need = _need(stack, use.task, key, use.span, purpose, subject, store.value)
                yield replace(need, owner=use.owner)
    for task in stack.task_definitions:
        for container in task.containers:
            for file in container.environment_files:
                bucket = stack.find(Bucket, bucket_of(file))
                key = stack.find(Key, bucket.kms_key) if bucket else None
                if key is not None:
                    yield _need(
                        stack,
                        task,
                        key,
                        file.span,
                        "decrypt the environment file of container "
                        f"'{shown_value(container.name)}'",
                        f"{key.address} {FILES}",
                        "s3",
                    )


def key_of(stack: Stack, found: SecretReference) -> Key | Value | None:
    """The customer managed key which a secret or SecureString parameter of the stack is under: what
    names it where it stands elsewhere, None where there is none."""
    kind: type[Protected] = (
        StoredSecret if found.store is Store.SECRETS_MANAGER else StoredParameter
    )
    resource = stack.find(kind, found.arn)
    if resource is None or (
        isinstance(resource, StoredParameter) and literal(resource.kind) != "SecureString"
    ):
        return None
    named = resource.kms_key
    if isinstance(is_absent(named), Yes) or _is_managed(named):
        return None
    return stack.find(Key, named) or named


def _is_managed(key: Value) -> bool:
    """Is it a key that AWS manages (``alias/aws/secretsmanager``)?"""
    written = shown_value(expanded(key))
    return "alias/aws/" in written or written.startswith("aws/")


def _need(
    stack: Stack,
    task: TaskDefinition,
    key: Key | Value,
    because: Span,
    purpose: str,
    subject: str,
    service: str,
) -> Need:
    arn = key.arn if isinstance(key, Key) else _arn_of(stack, key)
    via = tuple(iam.via_service(service, arn).items())
    return Need(
        owner=task,
        task=task,
        principal=Principal.EXECUTION,
        role=task.execution_role,
        demands=(Demand("kms:Decrypt", arn, via),),
        doubt=None if isinstance(key, Key) else _elsewhere(key),
        because=because,
        purpose=purpose,
        phase=Phase.START,
        subject=subject,
        fails_with=FAILS_WITH,
        # That the agent needs the key of an encrypted object is inferred, not documented (facts
        # C10).
        severity=Severity.WARNING if subject.endswith(FILES) else Severity.ERROR,
    )


def _arn_of(stack: Stack, named: Value) -> Value:
    """The ARN of a key that stands elsewhere; Unknown where an alias names it."""
    written = shown_value(expanded(named))
    if isinstance(named, Unknown) or written.startswith("arn:"):
        return named
    return _elsewhere(named) if written.startswith("alias/") else arns.key(stack.target, named)


def _elsewhere(named: Value) -> Unknown:
    """Why it stays open what is not allowed by the role: the key's own policy may allow it."""
    if isinstance(named, Unknown):
        return named
    return Unknown("the key is not in the scanned code", why=Why.OUTSIDE, span=named.span)


RULE = Rule(
    "ECS607", "key-not-usable", (Severity.ERROR, Severity.WARNING), __doc__, check_needs, needs
)
