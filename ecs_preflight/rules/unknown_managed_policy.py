"""A role is given an AWS managed policy that does not exist.

What it finds
    The name of an AWS managed policy under the wrong path (an error, with the right ARN); a name
    that AWS has withdrawn or that is not known (a warning, with the successor where there is one).

Why it matters
    IAM refuses the attachment.

Fix
    Use the ARN that the finding names. ``service-role/`` is part of it where it stands in AWS's
    list.

When it stays silent
    ARNs that are not literal. New policies appear every week: an unknown name is only a warning.
    Roles that no task, launch, deployer or service of ECS in the scanned code uses.

References
    security-iam-awsmanpol
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.policies import managed_policies
from ..ecs.scope import roles_of_ecs
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..iam import managed
from ..model import Policy, Role, Stack
from ..symbolic.values import shown_value


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for role in roles_of_ecs(stack):
        for policy in managed_policies(role):
            if managed.parts(policy.arn) and managed.find(policy.arn) is None:
                yield _finding(rule, role, policy)


def _finding(rule: Rule, role: Role, policy: Policy) -> AnyOutcome:
    arn = shown_value(policy.arn)
    right, successor = managed.misplaced(policy.arn), managed.successor(policy.arn)
    better = right or successor
    partition = arn.split(":")[1]
    what = (
        "does not exist under that path"
        if right
        else "was withdrawn by AWS"
        if successor
        else f"is not among the AWS managed policies of {managed.as_of()}"
    )
    return rule.finding(
        role,
        f"Managed policy '{arn}' of role '{role.address}' {what}.",
        span=policy.arn.span,
        phase=Phase.DEPLOY,
        subject=arn,
        severity=Severity.ERROR if right else Severity.WARNING,
        fails_with=f"NoSuchEntity: Policy {arn} does not exist or is not attachable.",
        fix=Fix(
            f"Use '{better.arn(partition)}'.",
            better.arn(partition),
            draft=settings.rewording(
                policy.arn,
                arn.partition(":policy")[2],
                better.arn(partition).partition(":policy")[2],
                safe=right is not None,
            ),
        )
        if better
        else Fix("Check the policy's name."),
    )


RULE = Rule("ECS628", "unknown-managed-policy", (Severity.ERROR, Severity.WARNING), __doc__, check)
