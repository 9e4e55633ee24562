"""The key that Fargate encrypts the ephemeral storage of a cluster's tasks with (facts D11)."""

from __future__ import annotations

from collections.abc import Mapping

from .. import iam
from ..model import Cluster, Key, Stack
from ..symbolic.answers import Answer, Yes, truth
from ..symbolic.strings import pieces
from ..symbolic.values import ABSENT, Items, Known, Unknown, Value, without_holes

FARGATE = "fargate.amazonaws.com"

#: What Fargate calls in its own name, each with the operations of the grant that it asks for.
_CALLS: dict[str, Value] = {
    "kms:GenerateDataKeyWithoutPlaintext": ABSENT,
    "kms:CreateGrant": Items((Known("Decrypt"),)),
}


def usable(stack: Stack, cluster: Cluster, key: Key) -> Mapping[str, Answer]:
    """Does the key's policy let Fargate make each of its calls for that cluster?"""
    parts = pieces.arn_parts(cluster.arn)
    account = parts[pieces.ACCOUNT] if parts else Unknown("the cluster's account is not known")
    context = {
        "kms:EncryptionContext:aws:ecs:clusterAccount": account,
        "kms:EncryptionContext:aws:ecs:clusterName": cluster.name,
    }
    return {
        action: iam.resource_allows(
            stack,
            key,
            iam.ServiceCaller(Known(FARGATE)),
            action,
            {**context, "kms:GrantOperations": operations},
        )
        for action, operations in _CALLS.items()
    }


def unsupported(named: Value, key: Key | None) -> str:
    """What the key surely is that Fargate does not take for ephemeral storage, or ""."""
    written = without_holes(named)
    if "alias/" in written:
        return "alias"
    multi_region = key is not None and isinstance(truth(key.multi_region), Yes)
    return "multi-Region key" if multi_region or "mrk-" in written else ""
