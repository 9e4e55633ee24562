"""A service-linked role's policy is attached to an ordinary role.

What it finds
    A policy under ``aws-service-role/``, such as AmazonECSServiceRolePolicy, among a role's
    policies.

Why it matters
    IAM refuses to attach it. AWSServiceRoleForECS is a role, which ECS creates by itself.

Fix
    Leave it out.

When it stays silent
    The policy's ARN is not known.

References
    using-service-linked-roles-for-clusters
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.policies import managed_policies
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.narrowing import detached
from ..findings.rule import Rule
from ..iam import managed
from ..model import Stack
from ._all_needs import needs_of_role

FAILS_WITH = "PolicyNotAttachable: Cannot attach a Service Role Policy to a Customer Role."


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for role in stack.roles:
        for policy in managed_policies(role):
            named = managed.parts(policy.arn)
            if named and named[1].startswith("aws-service-role/"):
                name = named[1].rpartition("/")[2]
                yield rule.finding(
                    role,
                    f"Role '{role.address}' is given '{name}', which only a service-linked role "
                    "can have.",
                    span=policy.arn.span,
                    phase=Phase.DEPLOY,
                    subject=name,
                    fails_with=FAILS_WITH,
                    fix=Fix(
                        "Leave the policy out; ECS creates its own role.",
                        draft=detached(stack, role, policy, needs_of_role(stack, role)),
                    ),
                )


RULE = Rule("ECS627", "service-linked-policy-attached", (Severity.ERROR,), __doc__, check)
