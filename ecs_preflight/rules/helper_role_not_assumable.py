"""A role stands in a field whose service cannot assume it.

What it finds
    An infrastructure role (EBS volumes, Service Connect TLS, VPC Lattice, load balancer, lifecycle
    hook, Managed Instances, gateway), a container instance role, that of ECS Anywhere's activation,
    a CodeDeploy role, a service role or the role of an EventBridge target, schedule, pipe or state
    machine whose trust policy leaves out the service that the field demands.

Why it matters
    The service cannot do what the role is there for: the deployment, the mount or the launch fails.

Fix
    Name the service in the role's trust policy.

When it stays silent
    The role is not part of the stack, or its trust policy is not fully known.

References
    infrastructure_IAM_role, instance_IAM_role, CWE_IAM_role, codedeploy_IAM_role
"""

from __future__ import annotations

from collections.abc import Iterable

from .. import iam
from ..ecs.principals import SERVICES
from ..ecs.service_roles import helper_uses
from ..findings.finding import AnyOutcome, Phase, Severity
from ..findings.rule import Rule
from ..model import Launch, Principal, Resource, Role, ServiceRole, ServiceRoleUse, Stack
from ..symbolic.answers import No, Yes
from ..symbolic.values import ABSENT, Unknown, Why, literal
from ._trust_fixes import trust_fix
from .service_role_not_allowed import refusal

FAILS_WITH = (
    "ECS was unable to assume the configured role '{role}'. Please verify that the role being "
    "passed has the proper trust relationship with Amazon ECS."
)

NO_SSM = "ValidationException: Nonexistent role or missing ssm service principal in trust policy"


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    found: dict[tuple[str, str], list[tuple[Role, Resource, ServiceRoleUse]]] = {}
    for owner, use in helper_uses(stack):
        role, service = stack.role_of(use.role), use.service_role.principal
        if service and isinstance(role, Role) and not _is_to_be_left_out(stack, owner, use):
            found.setdefault((role.address, service), []).append((role, owner, use))
    for (_, service), uses in found.items():
        role, owner, use = uses[0]
        places = dict.fromkeys(stack.place_of(owner) for _, owner, _ in uses)
        sources = dict.fromkeys(
            (stack.place_of(owner), owner.source if isinstance(owner, Launch) else ABSENT)
            for _, owner, _ in uses
        )
        answer = iam.everywhere(
            iam.assumable(stack, role, service, Principal.INFRASTRUCTURE, *source)
            for source in sources
        )
        if _trusts_ec2_of_china(role, use.service_role):
            answer = Unknown(
                "it is EC2's principal in China", why=Why.OUTSIDE, span=role.trust.span
            )
        if isinstance(answer, Yes):
            yield rule.met(role, span=role.trust.span, subject=service)
        elif isinstance(answer, Unknown):
            yield rule.undecided(role, answer, span=role.trust.span, subject=service)
        elif isinstance(answer, No):
            near = answer.evidence[0] if answer.evidence else None
            yield rule.finding(
                role,
                f"'{service}' cannot assume '{role.address}', the "
                f"{use.service_role.title} of '{owner.address}'."
                + (f" {near.message}" if near else ""),
                span=near.span if near else role.span,
                phase=Phase.DEPLOY,
                subject=service,
                fails_with=FAILS_WITH.format(role=role.address)
                if service == SERVICES
                else NO_SSM
                if service == "ssm.amazonaws.com"
                else "",
                fix=trust_fix(stack, role, service, answer, places),
            )


def _is_to_be_left_out(stack: Stack, owner: Resource, use: ServiceRoleUse) -> bool:
    """Is it the role of a service that may not name one?"""
    if use.service_role is not ServiceRole.SERVICE or not isinstance(owner, Launch):
        return False
    return bool(refusal(stack, owner)[0])


def _trusts_ec2_of_china(role: Role, service_role: ServiceRole) -> bool:
    """EC2 goes by both names there (facts G5)."""
    return service_role is ServiceRole.INSTANCE_PROFILE and any(
        literal(value) == f"{service_role.principal}.cn"
        for value in iam.service_principals(role.trust)
    )


RULE = Rule("ECS505", "helper-role-not-assumable", (Severity.ERROR,), __doc__, check)
