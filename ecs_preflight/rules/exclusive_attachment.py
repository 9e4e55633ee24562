"""A policy is attached in a way that takes it, or others, away elsewhere.

What it finds
    ``aws_iam_policy_attachment`` of an AWS managed policy; ``managed_policy_arns``,
    ``inline_policy`` or an ``_exclusive`` resource that leaves out what a separate resource gives
    the same role.

Why it matters
    The first detaches the policy from every other role of the account. With the others, each apply
    drops what the separate resources attach, and the next one brings it back.

Fix
    Use ``aws_iam_role_policy_attachment`` and ``aws_iam_role_policy``, or list everything in one
    place.

When it stays silent
    The lists are not fully known; customer managed policies, which may belong to this stack alone.
    Roles that no task, launch, deployer or service of ECS in the scanned code uses.

References
    aws_iam_policy_attachment, aws_iam_role
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.scope import roles_of_ecs
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.exclusive import claimed_too, for_role_alone
from ..findings.rule import Rule
from ..iam import managed
from ..model import ExclusiveForm, Policy, PolicyKind, Role, Stack
from ..symbolic.values import expanded

WRITE = (
    "Use aws_iam_role_policy_attachment, which attaches the policy to this role alone. Where the "
    "other one is applied already, take it out of the state first: its end would detach the policy."
)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for attachment in stack.exclusive_attachments:
        named = managed.parts(attachment.policy_arn)
        role = next(
            (
                role
                for role in roles_of_ecs(stack)
                for policy in role.policies
                if policy.attachment == attachment.address
            ),
            None,
        )
        if named and role:
            yield rule.finding(
                role,
                f"'{attachment.address}' takes '{named[1]}' from every other role of the account.",
                span=attachment.span,
                phase=Phase.DEPLOY,
                subject=attachment.address,
                fix=Fix(WRITE, draft=for_role_alone(attachment.span)),
            )
    for role in roles_of_ecs(stack):
        for form in role.exclusive:
            for policy in role.policies:
                if _dropped(role, form, policy):
                    yield rule.finding(
                        role,
                        f"'{form.source}' claims all policies of role '{role.address}', and "
                        f"'{policy.attachment}' gives it another.",
                        span=policy.attached,
                        phase=Phase.DEPLOY,
                        subject=f"{form.source} {policy.attachment}",
                        fix=Fix(
                            "List the policy there too, or attach all of them separately.",
                            draft=claimed_too(role, form, policy),
                        ),
                    )


def _dropped(role: Role, form: ExclusiveForm, policy: Policy) -> bool:
    if form.inline is not (policy.kind is PolicyKind.INLINE) or form.members.remainder is not None:
        return False
    if policy.attachment in (role.address, form.attachment):
        return False
    name = policy.name if form.inline else policy.arn
    return all(expanded(member) != expanded(name) for member in form.members)


RULE = Rule("ECS634", "exclusive-attachment", (Severity.WARNING,), __doc__, check)
