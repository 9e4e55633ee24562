"""A policy, or the container definitions, are not what IAM or ECS can read.

What it finds
    A policy or ``container_definitions`` string that is not JSON (a trailing comma, a ``#``
    comment), with its line; a policy with a misspelt element, an Effect that is neither Allow nor
    Deny, a statement without action or resource, a principal where none belongs or that is none,
    an ARN with too few parts or with a Region or account that a bucket has not, a condition that
    compares with a value of another kind, or more characters than IAM takes; more managed policies
    on a role than IAM lets an account attach (a warning where the account's quota may be raised).
    Each with the text that IAM refuses it with.

Why it matters
    Terraform refuses it in the plan, IAM when it is applied.

Fix
    Mend the text; or let ``jsonencode`` or a policy document write it.

When it stays silent
    Parts that are not known, or that somebody has to fill in (``<your-bucket>``).
    Roles that no task, launch, deployer or service of ECS in the scanned code uses.

References
    reference_policies_grammar, reference_iam-quotas
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.principals import cleaned
from ..ecs.scope import roles_of_ecs
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.documents import corrected
from ..findings.rule import Rule
from ..iam import INLINE_LIMIT, PolicyFault, PolicyUse, Remedy, faults, inline_size
from ..model import Policy, PolicyKind, Role, Stack
from ..symbolic.values import JsonFault, Known, Text, shown_value

REFUSED = "MalformedPolicyDocument: {}"
USES = {PolicyKind.INLINE: PolicyUse.INLINE, PolicyKind.CUSTOMER: PolicyUse.MANAGED}
MANAGED = (PolicyKind.AWS, PolicyKind.CUSTOMER)
#: Managed policies of a role: the default quota, and the highest (IAM reference_iam-quotas).
ATTACHED, ATTACHED_AT_MOST = 10, 25
#: What is to be done about a fault of each code, where it is not in the message.
HINTS = {
    "json": "Write it as JSON has it: no comments, no comma before a bracket, one between items.",
    "version": "Write '2012-10-17'.",
    "effect": "Write 'Allow' or 'Deny'.",
    "action": "List actions as 'service:Action', or leave the statement out.",
    "resource": "List ARNs, or '*'.",
    "sid": "Give the statement a Sid of its own, of letters and digits.",
    "size": "Say it in fewer statements, or make managed policies of some of them.",
    "named": "Name a service as {Service: 'ecs-tasks.amazonaws.com'}, an account as {AWS: ARN}.",
}
#: Reported by rules of their own, or dependent on the account's quotas.
ELSEWHERE = ("trust", "principal", "quota")


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for role in roles_of_ecs(stack):
        for fault, policy in _faults(role):
            if fault.code not in ELSEWHERE and not _malformed(fault):
                yield rule.finding(
                    role,
                    fault.message,
                    span=fault.span,
                    phase=Phase.DEPLOY,
                    subject=f"{fault.code} {fault.message}",
                    fails_with=REFUSED.format(fault.refusal) if fault.refusal else "",
                    fix=Fix(
                        _hint(fault, policy),
                        draft=corrected(fault, policy),
                    ),
                )
        yield from _too_many(rule, role)
    for task in stack.own_tasks:
        broken = task.not_json.encodes if isinstance(task.not_json, (Known, Text)) else None
        if isinstance(broken, JsonFault):
            yield rule.finding(
                task,
                f"The container definitions of '{task.address}' are not JSON: {broken.reason}.",
                span=broken.span,
                phase=Phase.DEPLOY,
                subject="container definitions",
                fix=Fix("Mend the text, or let jsonencode write it."),
            )


def _too_many(rule: Rule, role: Role) -> Iterator[AnyOutcome]:
    """More managed policies than the quota, ten by default and twenty-five at most; or more
    characters in all inline policies together."""
    managed = [p for p in role.policies if p.kind in MANAGED and p.conditional is None]
    count = len({shown_value(policy.arn) for policy in managed})
    if count > ATTACHED:
        yield rule.finding(
            role,
            f"{role.noun} '{role.address}' has {count} managed policies, and IAM lets {ATTACHED} "
            "be attached to a role unless the account's quota is raised, to "
            f"{ATTACHED_AT_MOST} at most.",
            span=managed[-1].attached,
            phase=Phase.DEPLOY,
            subject="managed policies",
            severity=Severity.ERROR if count > ATTACHED_AT_MOST else Severity.WARNING,
            fails_with=f"LimitExceeded: Cannot exceed quota for PoliciesPerRole: {ATTACHED}",
            fix=Fix("Write what they allow into one policy of the role's own."),
        )
    inline = [p for p in role.policies if p.kind is PolicyKind.INLINE and p.conditional is None]
    if len(inline) > 1 and inline_size(role) > INLINE_LIMIT:
        yield rule.finding(
            role,
            f"The inline policies of role '{role.address}' have {inline_size(role)} characters "
            f"together, and IAM takes {INLINE_LIMIT}.",
            span=inline[-1].span,
            phase=Phase.DEPLOY,
            subject="inline policies",
            fails_with=f"LimitExceeded: Maximum policy size of {INLINE_LIMIT} bytes exceeded for "
            "role",
            fix=Fix("Make managed policies of some of them."),
        )


def _hint(fault: PolicyFault, policy: Policy | None) -> str:
    """What is to be done about it; without its one statement nobody could assume a role."""
    if fault.remedy is Remedy.LIFT:
        return f"Write {fault.wanted} beside the other elements of the statement."
    if fault.code == "action" and policy is None:
        return "List what the role is assumed by, as 'sts:AssumeRole'."
    return HINTS.get(fault.code, "Mend the document.")


def _malformed(fault: PolicyFault) -> bool:
    """Is it a service's name that was plainly meant to be another's (ECS503)?"""
    named = fault.message.split("'")[1:2] if fault.code == "named" else []
    return any(cleaned(name) is not None for name in named)


def _faults(role: Role) -> Iterator[tuple[PolicyFault, Policy | None]]:
    """The faults of all its documents, and the policy each is in, None of its trust policy."""
    yield from ((fault, None) for fault in faults(role.trust, PolicyUse.TRUST))
    for policy in role.policies:
        if policy.kind in USES:
            found = faults(policy.document, USES[policy.kind])
            yield from ((fault, policy) for fault in found)


RULE = Rule("ECS508", "invalid-policy-json", (Severity.ERROR, Severity.WARNING), __doc__, check)
