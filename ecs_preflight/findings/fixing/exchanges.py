"""A task definition's two roles, where each stands in the other's place."""

from __future__ import annotations

from collections.abc import Iterable

from ... import iam
from ...iam.match import covers_action
from ...model import Role, Stack, TaskDefinition
from ...symbolic.answers import Yes
from ...symbolic.values import literal
from ..finding import Draft, Edit, Fix
from ..sources import Sources
from .edits import with_edits
from .insertions import argument_at

#: What nobody but the agent calls, and the services of all its calls (facts A3, C4, C6 and C10).
_AGENT = "ecr:GetAuthorizationToken"
_AGENTS = ("ecr", "logs", "secretsmanager", "ssm", "kms", "s3")


def exchanging(
    stack: Stack, tasks: Iterable[TaskDefinition | None], otherwise: Draft | None
) -> Draft:
    """The roles exchanged of the first of the tasks whose are in each other's place; for want of
    one what ``otherwise`` does."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        for task in tasks:
            found = _exchanged(stack, task, fix, sources) if task else None
            if found is not None:
                return found
        return otherwise(fix, sources) if otherwise else None

    return draft


def _exchanged(stack: Stack, task: TaskDefinition, fix: Fix, sources: Sources) -> Fix | None:
    """The fix that lets the two roles change places: the task role is allowed nothing but what the
    agent calls, and the execution role none of that. None where it may be otherwise."""
    execution, own = stack.role_of(task.execution_role), stack.role_of(task.task_role)
    source = sources.at(task.span)
    if source is None or not isinstance(execution, Role) or not isinstance(own, Role):
        return None
    if execution.address == own.address or _serves_agent(execution) or not _serves_agent(own):
        return None
    if any(not _is_agents(grant) for grant in iam.grants(own)):
        return None
    places = [argument_at(source, task.span, *names) for names in _ARGUMENTS]
    first, second = places
    if first is None or second is None:
        return None
    edits = [Edit(first, source.slice(second)), Edit(second, source.slice(first))]
    return with_edits(fix, edits, summary="Exchange the execution role and the task role:")


def _serves_agent(role: Role) -> bool:
    return any(isinstance(covers_action(grant.action, _AGENT), Yes) for grant in iam.grants(role))


def _is_agents(grant: iam.Grant) -> bool:
    return (literal(grant.action) or "").partition(":")[0].lower() in _AGENTS


_ARGUMENTS = (("execution_role_arn", "ExecutionRoleArn"), ("task_role_arn", "TaskRoleArn"))
