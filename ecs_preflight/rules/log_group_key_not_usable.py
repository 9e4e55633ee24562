"""CloudWatch Logs may not use the key that a task's log group is encrypted with.

What it finds
    A log group of the stack, which a container, a Service Connect proxy or ECS Exec writes to, is
    under a KMS key of the stack whose policy does not let ``logs.REGION.amazonaws.com`` encrypt
    and decrypt with it. The policy that KMS gives a key by default does not.

Why it matters
    The log group cannot be created with that key, nor be given it: the deployment fails.

Fix
    Let CloudWatch Logs use the key in the key's policy, for log groups of the account alone.

When it stays silent
    The key is not part of the stack; its policy, or the Region in it, is not known; the policy
    names ``logs.amazonaws.com``, of which AWS does not say whether it counts.

References
    encrypt-log-data-kms, key-policy-default
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.log_sources import UsedLogGroup, used_log_groups
from ..ecs.service_keys import logs_may_use, logs_service
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.trusts import admitting
from ..findings.rule import Rule
from ..findings.wording import pattern, quoted
from ..model import Key, Stack
from ..symbolic.answers import No, is_absent
from ..symbolic.values import Unknown, Why, first

FAILS_WITH = (
    "AccessDeniedException: The specified KMS key does not exist or is not allowed to be used with "
    "Arn '{arn}'"
)
TERRAFORM = """statement {{
  actions = [
    "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey",
  ]
  resources = ["*"]

  principals {{
    type        = "Service"
    identifiers = ["{service}"]
  }}

  condition {{
    test     = "ArnLike"
    variable = "kms:EncryptionContext:aws:logs:arn"
    values   = ["{arn}"]
  }}
}}"""
CLOUDFORMATION = """- Effect: Allow
  Principal:
    Service: !Sub logs.${AWS::Region}.amazonaws.com
  Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', kms:DescribeKey]
  Resource: '*'
  Condition:
    ArnLike:
      kms:EncryptionContext:aws:logs:arn:
        !Sub arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*"""


def check(rule: Rule, stack: Stack) -> Iterator[AnyOutcome]:
    for used in used_log_groups(stack):
        if isinstance(is_absent(used.group.kms_key), No):
            yield _judged(rule, stack, used)


def _judged(rule: Rule, stack: Stack, used: UsedLogGroup) -> AnyOutcome:
    group, span = used.group, used.group.kms_key.span
    key = stack.find(Key, group.kms_key)
    if key is None:
        outside = Unknown("the key is not in the scanned code", why=Why.OUTSIDE, span=span)
        return rule.undecided(used.owner, outside, span=span, subject=group.address)
    answers = logs_may_use(stack, group, key)
    refused = {action: answer for action, answer in answers.items() if isinstance(answer, No)}
    if not refused:
        doubt = first(*(a for a in answers.values() if isinstance(a, Unknown)))
        return (
            rule.met(used.owner, span=span, subject=group.address)
            if doubt is None
            else rule.undecided(used.owner, doubt, span=span, subject=group.address)
        )
    near = tuple(dict.fromkeys(e for answer in refused.values() for e in answer.evidence))
    return rule.finding(
        used.owner,
        f"CloudWatch Logs may not call {quoted(refused)} on key '{key.address}', under which log "
        f"group '{group.address}' of {used.title} is. {near[0].message if near else ''}".rstrip(),
        span=span,
        phase=Phase.DEPLOY,
        subject=group.address,
        related=near,
        fails_with=FAILS_WITH.format(arn=pattern(group.arn)),
        cause=f"'{key.address}' is not for CloudWatch Logs",
        fix=Fix.of(
            stack,
            f"Add to the policy of '{key.address}':",
            TERRAFORM.format(service=pattern(logs_service(stack, group)), arn=pattern(group.arn)),
            CLOUDFORMATION,
            draft=admitting(stack, key, logs_service(stack, group), tuple(refused)),
        ),
    )


RULE = Rule("ECS812", "log-group-key-not-usable", (Severity.ERROR,), __doc__, check)
