"""The execution role may not create the log group that the task wants created.

What it finds
    ``awslogs-create-group`` is true, the log group is not part of the stack, and the execution role
    is not allowed ``logs:CreateLogGroup``. A warning for Service Connect's proxy.

Why it matters
    AmazonECSTaskExecutionRolePolicy does not hold that action. Unless somebody else has created the
    group, the task does not start.

Fix
    Allow ``logs:CreateLogGroup`` on the group, or create the group in the stack and leave the
    option out.

When it stays silent
    The group is a resource of the stack, or its name is not known. While a module or nested
    stack could not be read, which may hold the group, the finding is a warning.

References
    using_awslogs, task_execution_IAM_role, resource-initialization-error
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..ecs.log_sources import awslogs_sources
from ..findings.finding import Phase, Severity
from ..findings.needs import Need, demands
from ..findings.rule import Rule
from ..model import LogGroup, Principal, Stack
from ..symbolic import arns
from ..symbolic.answers import No, truth
from ..symbolic.strings import may_equal
from ..symbolic.values import Unknown, Value, expanded, first, shown_value, why_not
from ._needs import check_agent_needs

FAILS_WITH = (
    "ResourceInitializationError: failed to validate logger args: create stream has been "
    "retried 1 times: failed to create Cloudwatch log group: AccessDeniedException"
)

#: With more groups than these a name with holes is not compared.
MAX_COMPARED = 50


def needs(stack: Stack) -> Iterator[Need]:
    seen = set()
    groups = stack.of(LogGroup)
    open_groups = [each for each in groups if why_not(expanded(each.name)) is not None]
    for source in awslogs_sources(stack):
        task, group = source.task, source.group
        # What could not be read may hold the group.
        unsure = stack.unread or source.is_proxy
        wanted = truth(source.log.option("awslogs-create-group"))
        known = (task.address, shown_value(group)) in seen or stack.find(
            LogGroup, group
        ) is not None
        if isinstance(wanted, No) or known or isinstance(expanded(group), Unknown):
            continue
        seen.add((task.address, shown_value(group)))
        yield Need(
            owner=source.owner,
            task=task,
            principal=Principal.EXECUTION,
            role=task.execution_role,
            demands=demands(["logs:CreateLogGroup"], arns.log_group(source.place(stack), group)),
            because=source.log.option("awslogs-create-group").span,
            origin=group,
            subject=group,
            phase=Phase.START,
            purpose=f"create log group '{shown_value(group)}'",
            doubt=first(
                wanted if isinstance(wanted, Unknown) else None,
                _maybe_elsewhere(groups, open_groups, group),
            ),
            fails_with=FAILS_WITH,
            severity=Severity.WARNING if unsure else Severity.ERROR,
        )


def _maybe_elsewhere(
    groups: Sequence[LogGroup], open_groups: Sequence[LogGroup], group: Value
) -> Unknown | None:
    """A name with holes may be that of one of the stack's groups, and any name that of a group
    whose own has holes."""
    hole = why_not(expanded(group))
    candidates = open_groups if hole is None else groups
    compared = candidates if len(candidates) <= MAX_COMPARED else ()
    alike = next((each for each in compared if may_equal(group, each.name)), None)
    if alike is None and len(compared) == len(candidates):
        return None
    hole = first(hole, why_not(expanded((alike or candidates[0]).name)))
    assert hole is not None
    return Unknown("the log group may be one of the stack's", hole.symbol, hole.why)


RULE = Rule(
    "ECS604",
    "log-group-not-creatable",
    (Severity.ERROR, Severity.WARNING),
    __doc__,
    check_agent_needs,
    needs,
)
