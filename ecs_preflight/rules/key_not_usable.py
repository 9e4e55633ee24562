"""The execution role may not decrypt a secret or parameter under a customer managed key.

What it finds
    A secret, or a SecureString parameter, that the task reads is encrypted with a KMS key of the stack,
    and the execution role is not allowed ``kms:Decrypt`` on that key.

Why it matters
    Secrets Manager and Parameter Store decrypt with the reader's permissions. The keys that AWS manages
    (``aws/secretsmanager``, ``aws/ssm``) allow it by themselves; a customer managed key does not.

Fix
    Allow ``kms:Decrypt`` on the key's ARN in a policy of the execution role. An alias or a key id in
    ``Resource`` matches nothing.

When it stays silent
    The key is AWS's or not part of the stack. The parameter is no SecureString. The key policy grants
    the role, or the whole account by way of the service.

References
    task_execution_IAM_role, cmks-in-iam-policies
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.secret_references import SecretReference, Store
from ..ecs.task_secrets import SecretUse, distinct_uses
from ..finding import Phase, Rule, Severity
from ..model import Key, Parameter, Principal, Protected, Stack, StoredSecret
from ..needs import Need, demands
from ..values import literal, shown_value
from ._messages import RETRIEVAL_FAILED
from ._needs import check_needs

FAILS_WITH = RETRIEVAL_FAILED + "AccessDeniedException: Access to KMS is not allowed"


def needs(stack: Stack) -> Iterator[Need]:
    for store in Store:
        for use, found in distinct_uses(stack, store):
            key = key_of(stack, found)
            if key is not None:
                yield _need(use, key)


def key_of(stack: Stack, found: SecretReference) -> Key | None:
    """The customer managed key of the stack which a secret or SecureString parameter is under."""
    kind: type[Protected] = (StoredSecret if found.store is Store.SECRETS_MANAGER else Parameter)
    resource = stack.find(kind, found.arn)
    if resource is None or isinstance(resource, Parameter) and literal(resource.kind) != "SecureString":
        return None
    return stack.find(Key, resource.kms_key)


def _need(use: SecretUse, key: Key) -> Need:
    return Need(owner=use.task, task=use.task, principal=Principal.EXECUTION,
                role=use.task.execution_role, demands=demands(["kms:Decrypt"], key.arn),
                because=use.span, purpose=f"decrypt secret {use.title}", phase=Phase.START,
                subject=f"{key.address} {shown_value(key.arn)} {use.title}", fails_with=FAILS_WITH)


RULE = Rule("ECS607", "key-not-usable", (Severity.ERROR, Severity.WARNING), __doc__, check_needs, needs)
