"""A task definition's two roles, where each stands in the other's place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ... import iam
from ...iam.agent_actions import agent_may_use
from ...iam.match import covers_action
from ...model import Policy, PolicyKind, Role, Stack, TaskDefinition
from ...symbolic.answers import Yes
from ...symbolic.patterns import regex
from ...symbolic.source import Span, is_within
from ...symbolic.values import Value, literal
from ..finding import Draft, Edit, Fix
from ..sources import Sources
from .attaching import given_to
from .edits import all_of, with_edits
from .insertions import argument_at

#: What nobody but the agent calls (fact A3).
_AGENT = "ecr:GetAuthorizationToken"


def exchanging(
    stack: Stack, tasks: Iterable[TaskDefinition | None], otherwise: Draft | None
) -> Draft:
    """The roles exchanged of the first of the tasks whose are in each other's place, or their
    policies, where the roles' own names say that they are not; for want of one what ``otherwise``
    does."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        for task in tasks:
            found = _exchanged(stack, task, fix, sources) if task else None
            if found is not None:
                return found
        return otherwise(fix, sources) if otherwise else None

    return draft


def _exchanged(stack: Stack, task: TaskDefinition, fix: Fix, sources: Sources) -> Fix | None:
    """The fix that lets the two roles, or all that they may do, change places. None where it may be
    otherwise."""
    execution, own = stack.role_of(task.execution_role), stack.role_of(task.task_role)
    if not isinstance(execution, Role) or not isinstance(own, Role) or not _are(execution, own):
        return None
    if _is_named_for_agent(execution) or _is_named_for_task(own):
        edits = _policies_exchanged(stack, sources, execution, own)
        return with_edits(fix, edits, summary="Exchange the policies of the two roles:")
    edits = _arguments_exchanged(task, sources)
    return with_edits(fix, edits, summary="Exchange the execution role and the task role:")


def _are(execution: Role, own: Role) -> bool:
    """Are they in each other's place? The task role is allowed to pull images, and nothing that
    the agent does not call; the execution role is not, or is allowed what only an application
    calls."""
    is_another = execution.address != own.address
    return is_another and serves_agent_alone(own) and not serves_agent_alone(execution)


def serves_agent_alone(role: Role) -> bool:
    """Is the role allowed to pull images, and nothing that the agent does not call?"""
    return _serves_agent(role) and all(map(_may_be_agents, iam.grants(role)))


def _serves_agent(role: Role) -> bool:
    return any(isinstance(covers_action(grant.action, _AGENT), Yes) for grant in iam.grants(role))


def _may_be_agents(grant: iam.Grant) -> bool:
    name = literal(grant.action)
    return name is not None and agent_may_use(name)


def _is_named_for_agent(role: Role) -> bool:
    return bool(re.search(r"exec", _label(role), re.I))


def _is_named_for_task(role: Role) -> bool:
    return not _is_named_for_agent(role) and bool(re.search(r"task|app", _label(role), re.I))


def _label(role: Role) -> str:
    return role.address.rpartition(".")[2]


_ARGUMENTS = (("execution_role_arn", "ExecutionRoleArn"), ("task_role_arn", "TaskRoleArn"))
#: An input of a module or of a template, whose value stands where it is called.
_INPUT = regex(r'var\.\w+|!Ref \w+|\{\s*"Ref"\s*:\s*"\w+"\s*\}')


def _arguments_exchanged(task: TaskDefinition, sources: Sources) -> list[Edit] | None:
    given = (task.execution_role, task.task_role)
    places = [_place(task, sources, *pair) for pair in zip(given, _ARGUMENTS, strict=True)]
    first, second = places
    if first is None or second is None or first.file != second.file:
        return None
    source = sources.at(first)
    if source is None or is_within(first, task.span) != is_within(second, task.span):
        return None
    return [Edit(first, source.slice(second)), Edit(second, source.slice(first))]


def _place(
    task: TaskDefinition, sources: Sources, given: Value, names: tuple[str, str]
) -> Span | None:
    """Where the role is named: in the task definition, or where an input of its module gets it,
    since other calls of that may be right."""
    source = sources.at(task.span)
    written = argument_at(source, task.span, *names) if source else None
    if source is None or written is None or not _INPUT.fullmatch(source.slice(written)):
        return written
    outside = sources.at(given.span) is not None and not is_within(given.span, task.span)
    return given.span if outside else None


def _policies_exchanged(
    stack: Stack, sources: Sources, execution: Role, own: Role
) -> list[Edit] | None:
    """Each policy that only one of them has given to the other one."""
    pairs = ((execution, own), (own, execution))
    return all_of(
        given_to(stack, sources, policy, role, other)
        for role, other in pairs
        for policy in _not_shared(role.policies, other.policies)
    )


def _not_shared(policies: Sequence[Policy], others: Sequence[Policy]) -> list[Policy]:
    common = {literal(other.arn) for other in others if other.kind is PolicyKind.AWS}
    return [
        each
        for each in policies
        if each.kind is not PolicyKind.AWS or literal(each.arn) not in common
    ]
