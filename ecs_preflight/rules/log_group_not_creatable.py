"""The execution role may not create the log group that the task wants created.

What it finds
    ``awslogs-create-group`` is true, the log group is not part of the stack, and the execution role
    is not allowed ``logs:CreateLogGroup``. A warning for Service Connect's proxy.

Why it matters
    AmazonECSTaskExecutionRolePolicy does not hold that action. Unless somebody else has created the
    group, the task does not start.

Fix
    Allow ``logs:CreateLogGroup`` on the group, or create the group in the stack and leave the
    option out. Where the stack creates one whose name is the same but for a slip, name that.

When it stays silent
    The group is a resource of the stack, or its name is not known. While a module or nested
    stack could not be read, which may hold the group, the finding is a warning.

References
    using_awslogs, task_execution_IAM_role, resource-initialization-error
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..ecs.log_sources import awslogs_sources, groups_in_use
from ..findings.finding import AnyOutcome, Finding, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.fixing.references import referring
from ..findings.needs import Need, demands
from ..findings.rule import Rule
from ..model import LogGroup, Principal, Stack
from ..symbolic import arns
from ..symbolic.alike import is_slip
from ..symbolic.answers import Evidence, No, truth
from ..symbolic.budget import charge
from ..symbolic.records import replace
from ..symbolic.strings import may_equal
from ..symbolic.values import Unknown, Value, expanded, first, literal, shown_value, why_not
from ._needs import check_agent_needs

FAILS_WITH = (
    "ResourceInitializationError: failed to validate logger args: create stream has been "
    "retried 1 times: failed to create Cloudwatch log group: AccessDeniedException"
)

#: With more groups than these a name with holes is not compared.
MAX_COMPARED = 50


def check(rule: Rule, stack: Stack) -> Iterator[AnyOutcome | None]:
    meant = {need.subject: need for need in rule.needs_of(stack)}
    for said in check_agent_needs(rule, stack):
        need = meant.get(said.subject) if isinstance(said, Finding) else None
        yield _naming(stack, said, need) if isinstance(said, Finding) and need else said


def _naming(stack: Stack, said: Finding, need: Need) -> Finding:
    """The finding with the group that was meant as its fix, where the stack makes one to which
    nothing logs and which differs from that of the need by a slip: a permission would let the agent
    create the wrong one."""
    name, used = literal(need.origin), groups_in_use(stack)
    charge(len(stack.of(LogGroup)))
    idle = (group for group in stack.of(LogGroup) if group.address not in used)
    group = next((each for each in idle if name and _is_slip(name, each.name)), None)
    if group is None:
        return said
    written = literal(group.name) or ""
    return replace(
        said,
        fix=Fix(
            f"Name log group '{written}', which the stack makes as '{group.address}'; if it is not "
            "meant, allow 'logs:CreateLogGroup'.",
            draft=settings.first_of(
                referring(stack, need.owner, need.origin, group, "name"),
                settings.replacing(need.origin, written),
            ),
        ),
        related=(*said.related, Evidence("the log group", group.address, group.span)),
        cause="",
    )


def _is_slip(name: str, known: Value) -> bool:
    other = literal(known)
    return other is not None and is_slip(name, other)


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
    check,
    needs,
)
