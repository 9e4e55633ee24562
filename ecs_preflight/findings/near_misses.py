"""What comes near to granting a need elsewhere in the stack: a policy attached to nothing, a
role that nothing uses, an action of like meaning on the task's other role."""

from __future__ import annotations

from collections.abc import Iterator

from .. import iam
from ..model import Policy, PolicyKind, Principal, Role, Stack, StandalonePolicy
from ..symbolic.answers import Evidence, No, Yes
from ..symbolic.records import replace
from ..symbolic.values import Known
from .needs import Demand

#: What nobody grants a task on purpose: whoever has it has everything.
_UNRELATED = Demand("organizations:LeaveOrganization", Known("*"))
_TASKS = "ecs-tasks.amazonaws.com"
#: How IAM's answer says that a statement allows an action which is taken for the right one.
_CONFUSED = "but what is called is"


def across(
    stack: Stack, role: Role, other: Role | None, missing: tuple[Demand, ...], principal: Principal
) -> Evidence | None:
    """The nearest of them as a whole sentence, or None."""
    found = (
        *_confused(stack, other, missing, principal),
        *_unattached(stack, role, missing, principal),
        *_unused(stack, role, missing, principal),
    )
    return next(iter(found), None)


def _grants(stack: Stack, role: Role, missing: tuple[Demand, ...], principal: Principal) -> bool:
    """Does the role allow all of it, and not simply everything?"""

    def allows(demand: Demand) -> bool:
        context = dict(demand.context)
        answer = iam.authorize(
            stack, role, demand.action, demand.resource, principal, context=context
        )
        return isinstance(answer, Yes)

    return all(map(allows, missing)) and not allows(_UNRELATED)


def _unattached(
    stack: Stack, role: Role, missing: tuple[Demand, ...], principal: Principal
) -> Iterator[Evidence]:
    attached = {
        policy.address
        for each in stack.roles
        for given in (*each.policies, *([each.boundary] if each.boundary else ()))
        if (policy := stack.find(StandalonePolicy, given.arn)) is not None
    }
    for policy in stack.of(StandalonePolicy):
        if policy.address in attached or policy.conditional is not None:
            continue
        given = Policy(
            PolicyKind.CUSTOMER,
            policy.name,
            policy.document,
            policy.span,
            policy.span,
            policy.address,
            arn=policy.arn,
        )
        if _grants(stack, replace(role, policies=(given,)), missing, principal):
            yield Evidence(
                f"Policy '{policy.address}' would allow it, and is attached to no role of the "
                "stack.",
                policy.address,
                policy.span,
            )


def _unused(
    stack: Stack, role: Role, missing: tuple[Demand, ...], principal: Principal
) -> Iterator[Evidence]:
    for each in stack.roles:
        if (
            each.address != role.address
            and each.address not in stack.uses
            and isinstance(iam.assumable(stack, each, _TASKS, principal), Yes)
            and _grants(stack, each, missing, principal)
        ):
            yield Evidence(
                f"Role '{each.address}' allows it, and no task definition uses it.",
                each.address,
                each.span,
            )


def _confused(
    stack: Stack, other: Role | None, missing: tuple[Demand, ...], principal: Principal
) -> Iterator[Evidence]:
    if other is None:
        return
    for demand in missing:
        answer = iam.authorize(stack, other, demand.action, demand.resource, principal)
        for evidence in answer.evidence if isinstance(answer, No) else ():
            if _CONFUSED in evidence.message:
                yield replace(
                    evidence, message=f"On the other role '{other.address}': {evidence.message}"
                )
