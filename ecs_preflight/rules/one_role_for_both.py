"""Task role and execution role are the same role.

What it finds
    Both fields of a task definition name one role: by the same address, ARN or name, or by the very
    same expression, although its value is not known.

Why it matters
    It works, but code in the container then has what only the agent should have: every secret the
    task starts with, and the registry. AWS recommends separate roles.

Fix
    Give the application a role of its own, with what its code calls and nothing else.

When it stays silent
    One of the two is not known and the other is written differently.

References
    security-iam-roles, task-iam-roles
"""

from __future__ import annotations

from collections.abc import Iterable

from .. import iam
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.fixing.exchanges import serves_agent_alone
from ..findings.fixing.roles import execution_role, task_role
from ..findings.rule import Rule
from ..model import Absent, External, Principal, Role, RoleLookup, Stack, TaskDefinition
from ..symbolic.titles import shown_title
from ..symbolic.values import literal
from ._all_needs import needs_of

_OF_EVERY_TASK = ("ecr", "ecr-public", "logs")
TERRAFORM = "execution_role_arn = aws_iam_role.execution.arn"
CLOUDFORMATION = "ExecutionRoleArn: !GetAtt ExecutionRole.Arn"
TASK_TERRAFORM = "task_role_arn = aws_iam_role.task.arn"
TASK_CLOUDFORMATION = "TaskRoleArn: !GetAtt TaskRole.Arn"


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        own, agent = stack.role_of(task.task_role), stack.role_of(task.execution_role)
        if isinstance(own, Absent) or isinstance(agent, Absent):
            continue
        name = _identity(own)
        if name and name == _identity(agent):
            shown = own.address if isinstance(own, Role) else shown_title(task.task_role)
            yield rule.finding(
                task,
                f"Task definition '{task.address}' uses '{shown}' both as task role and as "
                "execution role.",
                span=task.task_role.span,
                phase=Phase.RUN,
                subject="roles",
                fix=_fix(stack, task, own),
            )
        elif isinstance(own, Role) and isinstance(agent, Role):
            yield rule.met(task, span=task.task_role.span, subject="roles")


def _fix(stack: Stack, task: TaskDefinition, own: RoleLookup) -> Fix:
    """A role with nothing in it for an application is the agent's: the task does without it, or has
    one of its own. Else the agent gets one."""
    if isinstance(own, Role) and own.complete and serves_agent_alone(own) and _is_bare(own):
        needed = [
            need
            for need in needs_of(stack, Principal.TASK)
            if need.task is not None and need.task.address == task.address
        ]
        if not needed:
            words = "Leave the task role out: it allows nothing that an application calls."
            return Fix(words, draft=settings.removing(task.task_role.span))
        return Fix.of(
            stack,
            "Give the task a role of its own:",
            TASK_TERRAFORM,
            TASK_CLOUDFORMATION,
            draft=task_role(stack, task, needed),
        )
    needs = needs_of(stack, Principal.EXECUTION)
    return Fix.of(
        stack,
        "Give the ECS agent a role of its own:",
        TERRAFORM,
        CLOUDFORMATION,
        draft=execution_role(stack, task, needs) if _is_known(task) else None,
    )


def _is_bare(role: Role) -> bool:
    """May the role do no more than pull images and write logs? Code in the container may well call
    whatever else the agent does."""
    names = [literal(grant.action) for grant in iam.grants(role)]
    return all(name and name.partition(":")[0] in _OF_EVERY_TASK for name in names)


def _is_known(task: TaskDefinition) -> bool:
    """Is all there that says what the agent needs, so that a new role will not lack any of it?"""
    return (
        bool(task.containers.items)
        and task.containers.remainder is None
        and all(container.secrets.remainder is None for container in task.containers)
    )


def _identity(role: RoleLookup) -> object:
    if isinstance(role, Role):
        return role.address
    return role.reason.symbol if isinstance(role, External) else None


RULE = Rule("ECS624", "one-role-for-both", (Severity.WARNING,), __doc__, check, security="4.0")
