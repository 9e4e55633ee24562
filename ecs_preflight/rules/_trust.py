"""What the rules on task and execution roles' trust share: one question, two ids."""

from __future__ import annotations

from collections.abc import Iterator

from .. import iam
from ..ecs.principals import TASKS, cleaned
from ..ecs.role_uses import RoleUse, role_uses, tasks_of
from ..findings.finding import AnyOutcome, Phase
from ..findings.rule import Rule
from ..model import Principal, Resource, Stack
from ..symbolic.answers import No, Yes
from ..symbolic.source import Span
from ..symbolic.values import Unknown, Why, literal
from ._trust_fixes import trust_fix

FAILS_WITH = (
    "ECS was unable to assume the role '{role}' that was provided for this task. Please verify "
    "that the role being passed has the proper trust relationship and permissions and that "
    "your IAM user has permissions to pass this role."
)


def unassumable(rule: Rule, stack: Stack, principal: Principal) -> Iterator[AnyOutcome]:
    """Every role used as ``principal`` whose trust policy does not let ECS tasks assume it.

    A role in both uses is judged once, as execution role. One whose service principal is malformed
    is ECS503's: that is the cause, this would be its consequence."""
    for use in role_uses(stack):
        if principal is (
            Principal.EXECUTION if Principal.EXECUTION in use.principals else Principal.TASK
        ):
            yield from _judged(rule, stack, use, principal)


def _judged(rule: Rule, stack: Stack, use: RoleUse, principal: Principal) -> Iterator[AnyOutcome]:
    role = use.role
    owner, span = _place(stack, use, principal)
    if not stack.judges(owner):
        return
    answer = iam.everywhere(
        iam.assumable(stack, role, TASKS, principal, place) for place in use.places
    )
    if isinstance(answer, No) and any(
        cleaned(literal(value) or TASKS) == TASKS for value in iam.service_principals(role.trust)
    ):
        return
    if isinstance(answer, No) and _is_stand_in(stack, use):
        answer = Unknown(
            "the role trusts nobody, and nothing in the code launches the task: whoever runs "
            "it may bring another",
            why=Why.OUTSIDE,
            span=role.trust.span,
        )
    if isinstance(answer, Yes):
        yield rule.met(owner, span=span, subject="trust")
    elif isinstance(answer, Unknown):
        yield rule.undecided(owner, answer, span=span, subject="trust")
    else:
        near = answer.evidence[0] if answer.evidence else None
        names = " and ".join(p.value for p in sorted(use.principals, key=lambda p: p.value))
        users = ", ".join(f"'{user}'" for user in use.users[:3])
        known = f" ({role.origin})" if role.origin else ""
        yield rule.finding(
            owner,
            f"ECS tasks cannot assume '{role.address}'{known}, the {names} of {users}."
            + (f" {near.message}" if near else ""),
            span=span if role.origin else near.span if near else role.span,
            phase=Phase.START,
            subject="trust",
            fails_with=FAILS_WITH.format(role=role.address),
            cause=f"'{role.address}' cannot be assumed",
            fix=trust_fix(stack, role, TASKS, answer, use.places),
        )


def _place(stack: Stack, use: RoleUse, principal: Principal) -> tuple[Resource, Span]:
    """Whose the fault is and where: the role's and its trust policy's; of a role that no code
    makes, that of the task which names it."""
    task = next(iter(tasks_of(stack, use)), None) if use.role.origin else None
    if task is None:
        return use.role, use.role.trust.span
    value = task.execution_role if principal is Principal.EXECUTION else task.task_role
    return task, value.span


def _is_stand_in(stack: Stack, use: RoleUse) -> bool:
    """May it be there to be overridden by whoever calls RunTask? Its trust policy denies and allows
    nothing, which takes intent, and no launch in sight uses it as it stands."""
    effects = [literal(statement.effect) for statement in iam.statements(use.role.trust).statements]
    return (
        bool(effects)
        and "Allow" not in effects
        and not any(stack.launches_of.get(user, ()) for user in use.users)
        and not any(launch.address in use.users for launch in stack.launches)
    )
