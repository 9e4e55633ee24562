"""A statement allows an action on resources that the action is never checked on.

What it finds
    On a role of a task: a scoped ``ecr:GetAuthorizationToken`` or ``ssmmessages`` action, a log
    group's ARN without ``:*`` for stream actions, a secret's ARN without its suffix,
    ``parameter//``, a KMS alias or key id, a bucket where an object belongs or the reverse,
    ``kms:Decrypt`` on a secret. An error when the task needs the action, else a warning; a note
    when another statement allows it, or when it is one on an execution role that the agent does not
    call. On any other role or user: ``ecs:RunTask`` or ``ecs:StartTask`` on a cluster or whatever
    else is no task definition, where nothing else that it has allows the call (a warning).

Why it matters
    IAM accepts the statement, and it grants nothing.

Fix
    Write the resource that the finding names.

When it stays silent
    One of the statement's resources fits; a resource is not fully known; what an EventBridge rule
    or its like runs a known task with (ECS821).

References
    reference_policies_actions-resources-contextkeys, auth-and-access_iam-policies
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .. import iam
from ..ecs.launchers import run_task_demand
from ..ecs.policies import covers_action
from ..ecs.role_uses import RoleUse, role_uses
from ..findings.decide import authorization, cause
from ..findings.decide import grant as grant_of
from ..findings.finding import AnyOutcome, Draft, Finding, Fix, Phase, Severity
from ..findings.fixing.corrections import correcting
from ..findings.needs import Demand, Need
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..iam.agent_actions import is_companion
from ..model import Principal, Role, Stack
from ..symbolic.answers import Evidence, No, Yes
from ..symbolic.records import dataclass, replace
from ..symbolic.source import Span
from ..symbolic.values import Known, shown_value
from ._all_needs import needs_of

#: What is checked on the task definition; the cluster is a condition key (``ecs:cluster``).
RUNNING = ("ecs:RunTask", "ecs:StartTask")
REFUSED = (
    "An error occurred (AccessDeniedException) when calling the {call} operation: User is not "
    "authorized to perform: ecs:{call} on resource"
)
#: Needs that are not met, by role and action.
Lacking = Mapping[tuple[str, str], tuple[Need, Demand]]


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for (fault, gravest), *others in _by_statement(stack):
        use, alike = fault.use, fault.grants
        (grant, reason), *more = alike
        named = quoted(shown_value(other.action) for other, _ in more)
        subject = f"{grant.policy.attachment} {grant.statement.title} {shown_value(grant.action)}"
        yield rule.finding(
            use.role,
            f"{reason.message} So it is with {named}." if more else reason.message,
            span=grant.span,
            phase=Phase.START,
            subject=subject,
            severity=gravest,
            related=[
                *(evidence for _, evidence in more),
                *(_held_by(other.use.role) for other, _ in others),
            ],
            fix=Fix(
                "Name a resource here that the action is checked on, as the finding says.",
                draft=correcting(
                    grant.statement,
                    [other.action for other, _ in alike],
                    all(fault.held.repeated(other) for other, _ in alike),
                    _needed(stack, use, grant),
                ),
            ),
            cause=cause(use.role, [reason]),
        )
    yield from _running_nothing(rule, stack)


def _running_nothing(rule: Rule, stack: Stack) -> Iterator[Finding]:
    """What neither tasks nor known launches use, and is meant to run tasks: functions, workflows,
    people."""
    told = {use.role.address for use in role_uses(stack)}
    for launch in stack.launches:
        role = stack.role_of(launch.launcher_role)
        if isinstance(role, Role) and stack.task_of(launch) is not None:
            told.add(role.address)
    for role in stack.principals:
        for grant, reason in iam.grants(role).without_effect() if role.address not in told else ():
            action, resources = shown_value(grant.action), grant.statement.resources
            call = next((each for each in RUNNING if each.lower() == action.lower()), None)
            if call is None or resources is None or resources.origin:
                continue
            if isinstance(iam.authorize(stack, role, call, Known("*"), Principal.DEPLOYER), No):
                yield _runs_nothing(rule, stack, role, call, grant, reason)


def _runs_nothing(
    rule: Rule, stack: Stack, role: Role, call: str, grant: iam.Grant, reason: Evidence
) -> Finding:
    tasks = stack.own_tasks
    demand = run_task_demand(stack, tasks[0]) if len(tasks) == 1 else None
    granting = (
        grant_of(stack, role, (replace(demand, action=call),), tasks[0].family).draft
        if demand
        else None
    )
    return rule.finding(
        role,
        reason.message,
        span=grant.span,
        phase=Phase.RUN,
        subject=f"{grant.policy.attachment} {grant.statement.title} {call}",
        severity=Severity.WARNING,
        fails_with=REFUSED.format(call=call.partition(":")[2]),
        fix=Fix(
            "Name the task definition here, task-definition/FAMILY:*.",
            draft=correcting(
                grant.statement,
                [grant.action],
                otherwise=granting or (lambda fix, sources: None),
            ),
        ),
        cause=cause(role, [reason]),
    )


@dataclass(frozen=True)
class _Fault:
    """What a statement allows without effect, for one reason, in the hands of one role; and all
    that the role has."""

    use: RoleUse
    held: iam.Grants
    grants: list[tuple[iam.Grant, Evidence]]


def _by_statement(stack: Stack) -> Iterable[list[tuple[_Fault, Severity]]]:
    """The faults, with those of one statement that several roles have: the gravest first."""
    found: dict[tuple[Span, str], list[tuple[_Fault, Severity]]] = {}
    for use in role_uses(stack):
        held = iam.grants(use.role)
        for alike in _alike(held):
            grant, reason = alike[0]
            severities = [_severity(stack, use, each, held) for each, _ in alike]
            gravest = min(severities, key=lambda severity: severity.rank)
            resources = grant.statement.resources
            if gravest is not Severity.ERROR and resources is not None and resources.origin:
                continue  # an input that is empty would add what the action is for
            same = found.setdefault((grant.span, reason.message), [])
            same.append((_Fault(use, held, alike), gravest))
    return (sorted(same, key=lambda each: each[1].rank) for same in found.values())


def _held_by(role: Role) -> Evidence:
    return Evidence(f"'{role.address}' has the policy too", role.address, role.span)


def _alike(held: iam.Grants) -> Iterable[list[tuple[iam.Grant, Evidence]]]:
    """The grants without effect; those of one statement that fail for one reason are one fault."""
    found: dict[tuple[str, str, str], list[tuple[iam.Grant, Evidence]]] = {}
    for grant, reason in held.without_effect():
        why = reason.message.replace(f"'{shown_value(grant.action)}'", "")
        key = grant.policy.attachment, grant.title, why
        found.setdefault(key, []).append((grant, reason))
    return found.values()


def _lacking(stack: Stack) -> Lacking:
    """The first need that is not met, of each role and action."""
    found: dict[tuple[str, str], tuple[Need, Demand]] = {}
    for need in (
        *needs_of(stack, Principal.EXECUTION),
        *needs_of(stack, Principal.TASK, Phase.EXEC),
    ):
        role = stack.role_of(need.role)
        if isinstance(role, Role) and need.doubt is None:
            for demand in need.demands:
                if isinstance(authorization(stack, role, demand, need.principal), No):
                    found.setdefault((role.address, demand.action), (need, demand))
    return found


def _needed(stack: Stack, use: RoleUse, grant: iam.Grant) -> Draft | None:
    """What grants the need that the grant was for, where there is one."""
    for (role, action), (need, demand) in stack.derived(_lacking).items():
        if role == use.role.address and covers_action(grant.action, action):
            return grant_of(stack, use.role, (demand,), need.origin).draft
    return None


def _severity(stack: Stack, use: RoleUse, grant: iam.Grant, held: iam.Grants) -> Severity:
    if any(
        role == use.role.address and covers_action(grant.action, action)
        for role, action in stack.derived(_lacking)
    ):
        return Severity.ERROR
    action = shown_value(grant.action)
    if use.principals == (Principal.EXECUTION,) and is_companion(action):
        return Severity.NOTE
    elsewhere = iam.authorize(stack, use.role, action, Known("*"), use.principals[0])
    if isinstance(elsewhere, Yes) or held.repeated(grant):
        return Severity.NOTE
    return Severity.WARNING


RULE = Rule(
    "ECS629",
    "statement-grants-nothing",
    (Severity.ERROR, Severity.WARNING, Severity.NOTE),
    __doc__,
    check,
)
