"""A task role has permissions that only the ECS agent uses.

What it finds
    AmazonECSTaskExecutionRolePolicy or AmazonEC2ContainerRegistryPullOnly on a task role, or a
    statement that allows pulling images there. A note for writing to the task's own awslogs group.

Why it matters
    The agent never uses the task role: the permissions are of no use, and every process in the
    container has them.

Fix
    Give them to the execution role, and take them off the task role.

When it stays silent
    The role is an execution role too, here or elsewhere in the repository. Pushing images is
    allowed beside pulling, as a build needs it: then it is a note. For logs: FireLens, Exec, or a
    container of the CloudWatch or OpenTelemetry agent. ECS621 reports the same statement.

References
    task-iam-roles, task_execution_IAM_role
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..ecs.policies import (
    action_span,
    actions_span,
    allows,
    covers_action,
    managed_policies,
    only_used_as,
    written_statements,
)
from ..ecs.role_uses import tasks_of
from ..findings.finding import AnyOutcome, Draft, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.fixing.editable import is_only_of
from ..findings.fixing.exchanges import exchanging
from ..findings.fixing.narrowing import detached
from ..findings.rule import Rule
from ..iam import managed
from ..iam.document import Statement
from ..model import Principal, Role, Stack
from ..symbolic.records import dataclass
from ..symbolic.source import Span
from ..symbolic.values import literal
from ._all_needs import needs_of, needs_of_role
from ._misplaced import misplaced

POLICIES = ("AmazonECSTaskExecutionRolePolicy", "AmazonEC2ContainerRegistryPullOnly")
PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


#: What pulling takes, and what it is always written with.
AGENT_ONLY = (*PULL, "ecr:BatchCheckLayerAvailability", "ecr:GetAuthorizationToken")


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    reported = {
        finding.span for finding in misplaced(rule, stack, needs_of(stack, Principal.EXECUTION))
    }
    uses = tuple(only_used_as(stack, Principal.TASK))
    roles = [use.role for use in uses]
    for use in uses:
        for found in _found(stack, use.role, roles):
            elsewhere = stack.used_elsewhere(use.role)
            if found.whole not in reported and Principal.EXECUTION not in elsewhere:
                yield rule.finding(
                    use.role,
                    f"Task role '{use.role.address}' has {found.what}, which only the "
                    "execution role uses.",
                    span=found.span,
                    listed=found.listed,
                    phase=Phase.RUN,
                    subject=found.what,
                    severity=found.severity,
                    fix=Fix(
                        "Take it off the task role; the execution role is where it works.",
                        draft=exchanging(stack, tasks_of(stack, use), found.draft),
                    ),
                )


@dataclass(frozen=True)
class _Needless:
    """What is of no use to a task role: the ``whole`` of the statement or attachment, and where in
    it a finding stands."""

    whole: Span
    span: Span
    listed: Span
    what: str
    severity: Severity
    draft: Draft | None


def _found(stack: Stack, role: Role, roles: Sequence[Role]) -> Iterator[_Needless]:
    """``roles`` are all that tasks have for themselves: what these alone have can be taken off."""
    for policy in managed_policies(role):
        named = managed.parts(policy.arn)
        name = named[1].rpartition("/")[2] if named else ""
        if name in POLICIES:
            draft = detached(stack, role, policy, needs_of_role(stack, role))
            here = policy.attached
            yield _Needless(here, here, here, f"'{name}'", Severity.WARNING, draft)
    for _, statement in written_statements(role):
        if _pulls(statement):
            pushes = _covers(statement, "ecr:PutImage")
            pulling = [
                action
                for action in statement.actions or ()
                if any(covers_action(action, call) for call in PULL)
            ]
            yield _Needless(
                statement.span,
                action_span(statement, pulling),
                actions_span(statement),
                "permission to pull images",
                Severity.NOTE if pushes else Severity.WARNING,
                settings.removing_actions(
                    statement.actions.items if statement.actions else (), statement.span, AGENT_ONLY
                )
                if is_only_of(stack, statement.span, roles)
                else None,
            )


def _pulls(statement: Statement) -> bool:
    return (
        allows(statement)
        and all(_covers(statement, action) for action in PULL)
        and not any(literal(action) == "*" for action in statement.actions or ())
    )


def _covers(statement: Statement, action: str) -> bool:
    return any(covers_action(pattern, action) for pattern in statement.actions or ())


RULE = Rule(
    "ECS625", "agent-policy-on-task-role", (Severity.WARNING, Severity.NOTE), __doc__, check
)
