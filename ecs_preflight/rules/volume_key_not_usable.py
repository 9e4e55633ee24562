"""The infrastructure role may not use the key that a task's EBS volumes are encrypted with.

What it finds
    A service, a state machine or a schedule attaches EBS volumes under a KMS key of the stack, its
    own or the one that the cluster gives to managed storage, and neither the key's policy nor the
    infrastructure role's lets that role call ``kms:CreateGrant``,
    ``kms:GenerateDataKeyWithoutPlaintext`` and ``kms:DescribeKey``.

Why it matters
    EC2 makes the volume with the infrastructure role's permissions, and asks KMS later: the call
    seems to succeed, the volume then fails, and the task does not start.

Fix
    Let the role use the key: in the key's policy, or in the role's where the key's policy leaves it
    to the account.

When it stays silent
    The key or the role is not part of the stack.

References
    ebs-kms-encryption, troubleshoot-ebs-volumes-scenarios
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import iam
from ..findings.finding import AnyOutcome, Phase, Severity
from ..findings.needs import Demand, Need
from ..findings.rule import Rule
from ..model import Key, Launch, Principal, ServiceRole, ServiceRoleUse, Stack
from ..symbolic.answers import No, Yes, is_absent
from ..symbolic.values import Known, Unknown, Value, Why
from ._needs import check_needs

FAILS_WITH = "ECS failed to set up the EBS volume. Encountered IdempotentParameterMismatch"


def volumes(stack: Stack) -> Iterator[tuple[Launch, ServiceRoleUse, Value]]:
    """Every EBS volume under a key that is named: the volume's own, else the cluster's."""
    for launch in stack.launches:
        cluster = stack.cluster_of(launch)
        for use in launch.service_roles:
            if use.service_role is ServiceRole.EBS_VOLUME:
                shared = cluster.volume_key if cluster else Known(None)
                key = shared if isinstance(is_absent(use.kms_key), Yes) else use.kms_key
                if isinstance(is_absent(key), No):
                    yield launch, use, key


def needs(stack: Stack) -> Iterator[Need]:
    for launch, use, named in volumes(stack):
        key = stack.find(Key, named)
        if key is not None:
            yield Need(
                owner=launch,
                principal=Principal.INFRASTRUCTURE,
                role=use.role,
                demands=_demands(key),
                because=named.span,
                phase=Phase.START,
                purpose=f"encrypt the EBS volumes of '{launch.address}' with key '{key.address}'",
                subject=f"volume key {key.address}",
                fails_with=FAILS_WITH,
            )


def _demands(key: Key) -> tuple[Demand, ...]:
    """What EC2 asks of KMS on the role's behalf, and what the role is asked for itself."""
    on_behalf = (
        *iam.via_service("ec2", key.arn).items(),
        ("kms:EncryptionContextKeys", Known("aws:ebs:id")),
        ("kms:GrantIsForAWSResource", Known("true")),
    )
    return (
        Demand("kms:CreateGrant", key.arn, on_behalf),
        Demand("kms:GenerateDataKeyWithoutPlaintext", key.arn, on_behalf),
        Demand("kms:DescribeKey", key.arn, (("kms:ViaService", _maybe()),)),
    )


def _maybe() -> Unknown:
    return Unknown("it is not documented who asks KMS to describe the key", why=Why.GRANT)


def check(rule: Rule, stack: Stack) -> Iterator[AnyOutcome | None]:
    for launch, _, named in volumes(stack):
        if stack.find(Key, named) is None:
            outside = Unknown("the key is not in the scanned code", why=Why.OUTSIDE)
            yield rule.undecided(launch, outside, span=named.span, subject="volume key")
    yield from check_needs(rule, stack)


RULE = Rule("ECS813", "volume-key-not-usable", (Severity.ERROR,), __doc__, check, needs)
