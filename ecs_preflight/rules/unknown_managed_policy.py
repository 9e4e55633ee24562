"""A role is given an AWS managed policy that does not exist.

What it finds
    The name of an AWS managed policy under the wrong path (an error, with the right ARN); a name
    that AWS has withdrawn or that is not known (a warning, with the successor where there is one);
    a name where the ARN belongs (an error).

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
from ..model import Policy, PolicyKind, Role, Stack
from ..symbolic.values import Text, Value, expanded, literal, shown_value


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for role in roles_of_ecs(stack):
        for policy in managed_policies(role):
            if managed.parts(policy.arn) and managed.find(policy.arn) is None:
                yield _finding(rule, role, policy)
        for policy in role.policies:
            if policy.kind is PolicyKind.CUSTOMER and _is_name(policy.arn):
                yield _no_arn(rule, role, policy)


def _is_name(arn: Value) -> bool:
    """Is it a text that does not begin as an ARN does, whatever its holes?"""
    written = expanded(arn)
    begins = literal(written) or (written.parts[0] if isinstance(written, Text) else "")
    return isinstance(begins, str) and begins != "" and not begins.startswith("arn:"[: len(begins)])


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]


def _no_arn(rule: Rule, role: Role, policy: Policy) -> AnyOutcome:
    name = shown_value(policy.arn)
    meant = managed.by_name(name)
    return rule.finding(
        role,
        f"Role '{role.address}' is given the managed policy '{name}', which is no ARN.",
        span=policy.arn.span,
        phase=Phase.DEPLOY,
        subject=name,
        severity=Severity.ERROR,
        fails_with=f"ValidationError: ARN {name} is not valid.",
        fix=Fix(
            f"Use '{meant.arn('aws')}'.",
            meant.arn("aws"),
            draft=settings.rewording(policy.arn, name, meant.arn("aws"), safe=True),
        )
        if meant
        else Fix("Write the policy's ARN."),
    )


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
            draft=settings.first_of(
                *(
                    settings.rewording(policy.arn, *names, safe=right is not None)
                    for names in (
                        (
                            arn.partition(":policy")[2],
                            better.arn(partition).partition(":policy")[2],
                        ),
                        (_name(arn), _name(better.arn(partition))),  # as AWS SAM takes it
                    )
                )
            ),
        )
        if better
        else Fix("Check the policy's name."),
    )


RULE = Rule("ECS628", "unknown-managed-policy", (Severity.ERROR, Severity.WARNING), __doc__, check)
