"""Fargate may not use the key that encrypts a cluster's ephemeral storage.

What it finds
    A cluster names a KMS key of the stack for the ephemeral storage of its Fargate tasks, and the
    key's policy does not let ``fargate.amazonaws.com`` call ``kms:GenerateDataKeyWithoutPlaintext``
    and ``kms:CreateGrant``, or only for another cluster; or the key is a multi-Region key, or is
    named by an alias, of which Fargate supports neither.

Why it matters
    Fargate uses the key in its own name, so the key's policy alone decides: what it leaves to the
    account, as the default one does, is not left to a service. No Fargate task starts in that
    cluster. This does not hang on a Fargate service beside it: the setting is for such tasks alone,
    any cluster can run them, and what launches them often stands in other code.

Fix
    Allow both actions to ``fargate.amazonaws.com`` in the key's policy. The encryption context
    ``aws:ecs:clusterName``, by which it can be narrowed, is the cluster's name, not its ARN. Name a
    single-Region key by its ARN or id.

When it stays silent
    The key is not part of the stack, its policy is not fully known, or a condition in it may hold.
    The policy allows everyone.

References
    fargate-create-storage-key, fargate-managing-kms-key, API_ManagedStorageConfiguration,
    key-policy-default
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.ephemeral_storage import FARGATE, unsupported, usable
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.references import referring
from ..findings.fixing.trusts import admitting
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..model import Cluster, Key, Stack
from ..symbolic.answers import Evidence, No, is_absent, truth
from ..symbolic.values import Known, Unknown, Why, first

TERRAFORM = """statement {{
  actions   = ["{}"]
  resources = ["*"]

  principals {{
    type        = "Service"
    identifiers = ["fargate.amazonaws.com"]
  }}
}}"""
CLOUDFORMATION = """- Effect: Allow
  Principal:
    Service: fargate.amazonaws.com
  Action: ["{}"]
  Resource: '*'"""


def check(rule: Rule, stack: Stack) -> Iterator[AnyOutcome]:
    for cluster in stack.clusters:
        if isinstance(is_absent(cluster.storage_key), No):
            yield _judged(rule, stack, cluster, stack.find(Key, cluster.storage_key))


def _judged(rule: Rule, stack: Stack, cluster: Cluster, key: Key | None) -> AnyOutcome:
    target, subject = cluster.storage_key.span, "ephemeral storage key"

    def finding(what: str, fix: Fix, near: tuple[Evidence, ...] = ()) -> AnyOutcome:
        return rule.finding(
            cluster,
            f"No Fargate task can start in cluster '{cluster.address}': {what}",
            span=target,
            phase=Phase.START,
            subject=subject,
            related=near,
            fix=fix,
            cause=f"'{key.address}' is not for Fargate" if key else "",
        )

    what = unsupported(cluster.storage_key, key)
    if what:
        return finding(
            f"Fargate takes no {what} for its storage.",
            Fix(
                "Name a single-Region key by its ARN or id.",
                draft=referring(stack, cluster, cluster.storage_key, key, "arn")
                if key and not unsupported(Known(""), key)
                else None,
            ),
        )
    if key is None:
        outside = Unknown("the key is not in the scanned code", why=Why.OUTSIDE, span=target)
        return rule.undecided(cluster, outside, span=target, subject=subject)
    answers = usable(stack, cluster, key)
    missing = {action: answer for action, answer in answers.items() if isinstance(answer, No)}
    if missing:
        near = tuple(dict.fromkeys(e for answer in missing.values() for e in answer.evidence))
        return finding(
            f"'{FARGATE}' may not call {quoted(missing)} on key '{key.address}'. {near[0].message}",
            Fix.of(
                stack,
                f"Add to the policy of '{key.address}':",
                TERRAFORM.format('", "'.join(missing)),
                CLOUDFORMATION.format('", "'.join(missing)),
                draft=admitting(stack, key, Known(FARGATE), tuple(missing)),
            ),
            near,
        )
    doubt = first(
        *(
            answer
            for answer in (*answers.values(), truth(key.multi_region))
            if isinstance(answer, Unknown)
        )
    )
    if doubt is not None:
        return rule.undecided(cluster, doubt, span=target, subject=subject)
    return rule.met(cluster, span=target, subject=subject)


RULE = Rule("ECS811", "ephemeral-storage-key-not-usable", (Severity.ERROR,), __doc__, check)
