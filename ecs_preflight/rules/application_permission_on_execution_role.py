"""The execution role allows what only code in the container could use.

What it finds
    Statements on an execution role with actions that the ECS agent never calls: ``s3:PutObject``,
    ``dynamodb:*``, ``sqs:*``, pushing to ECR, the ``ssmmessages`` of ECS Exec ...

Why it matters
    Code in the container never sees the execution role's credentials: it is refused, although the
    permission seems to be there. And nobody else should have it.

Fix
    Move the statement to the task role.

When it stays silent
    The role is a task role too, or something else uses it. Companions that people add with good
    reason (describing secrets, keys, repositories, log groups; listing buckets). What an AWS
    managed policy brings. The Exec channels that ECS622 already reports. Misspelt actions, which
    ECS632 reports.

References
    task-iam-roles, task_execution_IAM_role
"""

from __future__ import annotations

from collections.abc import Iterable

from .. import iam
from ..ecs.policies import action_span, actions_span, allows, only_used_as, written_statements
from ..ecs.role_uses import RoleUse, tasks_of
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.fixing.detaching import detaching
from ..findings.fixing.editable import is_only_of, is_written_for
from ..findings.fixing.exchanges import exchanging
from ..findings.fixing.moves import taking
from ..findings.needs import Demand
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..iam import Statement
from ..iam.agent_actions import agent_may_use, only_ecs_uses
from ..model import Absent, Policy, Principal, Role, Stack
from ..symbolic.answers import Evidence
from ..symbolic.values import literal
from ._all_needs import needs_of
from ._misplaced import misplaced


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    reported = {
        finding.span
        for finding in misplaced(rule, stack, needs_of(stack, Principal.TASK, Phase.EXEC))
    }
    for use in only_used_as(stack, Principal.EXECUTION):
        for policy, statement in written_statements(use.role):
            named = [
                action
                for action in statement.actions or ()
                if (name := literal(action)) and not agent_may_use(name) and not _misspelt(name)
            ]
            foreign = [literal(action) or "" for action in named]
            if not foreign or not allows(statement) or statement.span in reported:
                continue
            if Principal.TASK in stack.used_elsewhere(use.role):
                continue
            shown = foreign[:3] + ([f"{len(foreign) - 3} more"] if len(foreign) > 3 else [])
            yield rule.finding(
                use.role,
                f"Execution role '{use.role.address}' allows {quoted(shown)}, which code in "
                "the container cannot use and the ECS agent does not call.",
                span=action_span(statement, named),
                listed=actions_span(statement),
                phase=Phase.RUN,
                subject=f"{policy.attachment} {statement.title}",
                related=_given(stack, use, policy, statement),
                fix=_fix(stack, use, policy, statement, foreign),
            )


def _given(
    stack: Stack, use: RoleUse, policy: Policy, statement: Statement
) -> tuple[Evidence, ...]:
    """Where a policy that others have too is given to the role."""
    if is_only_of(stack, statement.span, [use.role]):
        return ()
    return (Evidence("gives the policy to several", policy.attachment, policy.attached),)


def _fix(
    stack: Stack, use: RoleUse, policy: Policy, statement: Statement, foreign: list[str]
) -> Fix:
    """To the task role goes what an application may call; of what only ECS or a deployer uses there
    it would do harm. What it has already is taken off, and what others use too stays theirs."""
    others = [name for name in foreign if only_ecs_uses(name)]
    is_all = len(foreign) == len(tuple(statement.actions or ()))
    taking_off = settings.removing_actions(
        statement.actions.items if statement.actions else (), statement.span, foreign, policy
    )
    role = _task_role(stack, use)
    moving = exchanging(
        stack, tasks_of(stack, use), taking(stack, use.role, role, statement.span, foreign)
    )
    if not is_only_of(stack, statement.span, [use.role]):
        return Fix(
            "Take the role out of those that have the policy, and give the task role what it "
            "needs.",
            draft=detaching(policy) if _is_needless(policy) else None,
        )
    if role is not None and not others and _has_already(role, statement, foreign):
        return Fix(
            f"Take {'the statement' if is_all else quoted(foreign)} off the role: task role "
            f"'{role.address}' has it.",
            draft=settings.first_of(*filter(None, (taking_off, moving))),
        )
    if not others:
        absent = [isinstance(stack.role_of(t.task_role), Absent) for t in tasks_of(stack, use)]
        return Fix(
            "Give the task a role of its own, and move the statement to a policy of it."
            if absent and all(absent)
            else "Move the statement to a policy of the task role.",
            draft=moving,
        )
    if len(others) == len(foreign) and is_all:
        return Fix(
            "Take the statement off the role: ECS and deployers do this by roles of their own.",
            draft=taking_off,
        )
    return Fix(
        f"Take {quoted(others)} off the role, which ECS and deployers do by roles of their own; "
        "move what the application calls to a policy of the task role."
    )


def _is_needless(policy: Policy) -> bool:
    """Does it allow nothing that the ECS agent may use?"""
    return all(
        (name := literal(action)) is not None and not agent_may_use(name)
        for statement in iam.statements(policy).statements
        for action in statement.actions or ()
    )


def _has_already(role: Role, statement: Statement, foreign: list[str]) -> bool:
    """Does the role surely have the actions on all that the statement allows them on?"""
    return statement.resources is not None and all(
        is_written_for(role, Demand(name, resource))
        for name in foreign
        for resource in statement.resources
    )


def _task_role(stack: Stack, use: RoleUse) -> Role | None:
    """The one task role of the tasks that use the execution role."""
    named = [stack.role_of(task.task_role) for task in tasks_of(stack, use)]
    roles = {role.address: role for role in named if isinstance(role, Role)}
    is_one = len(roles) == 1 and all(isinstance(role, Role) for role in named)
    return next(iter(roles.values())) if is_one else None


def _misspelt(action: str) -> bool:
    """Is it ECS632's finding, of an action that the agent may well use?"""
    found = iam.actions.unknown_action(action)
    return found is not None and bool(found.nearest)


RULE = Rule(
    "ECS623", "application-permission-on-execution-role", (Severity.WARNING,), __doc__, check
)
