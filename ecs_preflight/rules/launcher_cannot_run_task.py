"""What launches the task may not run it, or may not pass it its roles.

What it finds
    The role of an EventBridge target or schedule, a Step Functions state machine or a pipe lacks
    ``ecs:RunTask`` on the task definition, or ``iam:PassRole`` on the task role, the execution role
    or the infrastructure role of a volume; or, where it gives the task tags of its own,
    ``ecs:TagResource`` (a warning where it has ECS copy tags, or add its own). An EventBridge
    target for ECS without a role. Where a state machine waits for the task's end (``.sync``), its
    role lacks ``events:PutRule``, ``events:PutTargets`` or ``events:DescribeRule`` on the rule that
    Step Functions makes for it; ``ecs:StopTask`` or ``ecs:DescribeTasks``, as a warning.

Why it matters
    The launch fails when its time comes. Of a rule or schedule nobody sees it but by a metric:
    ``FailedInvocations`` of the rule, ``TargetErrorCount`` of the schedule's group. A state
    machine that may not make its rule cannot be created; one that may not stop or describe its
    tasks leaves them running when it is stopped, and waits in vain when an event is lost.

Fix
    Allow ``ecs:RunTask`` on ``task-definition/FAMILY:*``, and ``iam:PassRole`` on both roles, if
    need be with ``iam:PassedToService`` ``ecs-tasks.amazonaws.com``; for tags, ``ecs:TagResource``
    where ``ecs:CreateAction`` is ``RunTask``. For ``.sync``, allow the three
    ``events`` actions on ``rule/StepFunctionsGetEventsForECSTaskRule``, and the two on tasks.

When it stays silent
    The role is not part of the stack; the task definition or its roles are not known; the task role
    of a task that runs on EC2.

References
    CWE_IAM_role, supported-iam-actions-tagging, id_roles_use_passrole, ecs-iam (Step Functions)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.launchers import (
    managed_rule_demands,
    pass_execution_role,
    pass_task_role,
    pass_volume_roles,
    run_task_demand,
    tag_demand,
    task_control_demands,
    unknown_task,
)
from ..ecs.unknown_parts import UnknownPart
from ..findings.decide import outcome
from ..findings.finding import AnyOutcome, Finding, Fix, Phase, Severity
from ..findings.fixing.target_roles import target_role
from ..findings.needs import Demand, Need
from ..findings.rule import Rule
from ..model import Absent, Launch, Launcher, Principal, Stack, TaskDefinition, runs_on_fargate
from ..symbolic.answers import NO, YES, Answer, No, Yes, is_absent, truth
from ..symbolic.records import replace
from ..symbolic.values import Known, Unknown, Value, Why, literal
from ._needs import check_possible, own_needs

LAUNCHERS = (Launcher.EVENT_RULE, Launcher.SCHEDULE, Launcher.STATE_MACHINE, Launcher.PIPE)
#: Who says what of a launch that IAM refuses: an event rule and a schedule say nothing.
METRIC = {
    Launcher.EVENT_RULE: "Only the rule's metric FailedInvocations tells that a launch has failed.",
    Launcher.SCHEDULE: "Only the schedule group's metric TargetErrorCount tells that a launch has "
    "failed.",
}
REFUSED = (
    "ECS.AccessDeniedException: User is not authorized to perform: {action} because no "
    "identity-based policy allows the {action} action"
)
NO_RULE = "AccessDeniedException: the role is not authorized to create managed-rule"
#: What a state machine can do without until something goes wrong.
CONTROL = "control task"
#: CWE_IAM_role asks for it with every task role; AWS's own constructs grant it on Fargate alone.
TASK_ROLE_ON_EC2 = "pass task role"
#: Whether copying tags takes the permission too, reports disagree.
COPIED_TAGS = "copy tags"
BY_ECS = "have ECS tag the task"


def needs(stack: Stack) -> Iterator[Need]:
    for launch in stack.launches:
        task = stack.task_of(launch)
        if task is not None and launch.launcher in LAUNCHERS:
            yield from _launching(stack, launch, task)
    awaiting = {
        launch.address: launch
        for launch in reversed(stack.launches)
        if isinstance(is_absent(launch.awaited), No)
    }
    for launch in awaiting.values():
        yield _awaiting(
            launch,
            managed_rule_demands(stack),
            Phase.DEPLOY,
            "await task",
            "learn of the task's end",
            NO_RULE,
        )
        yield _awaiting(
            launch,
            task_control_demands(stack, launch),
            Phase.RUN,
            CONTROL,
            "stop the task with the execution and to ask for its end",
        )


def _awaiting(
    launch: Launch,
    demands: tuple[Demand, ...],
    phase: Phase,
    subject: str,
    purpose: str,
    fails_with: str = "",
) -> Need:
    return Need(
        owner=launch,
        principal=Principal.LAUNCHER,
        role=launch.launcher_role,
        demands=demands,
        because=launch.awaited.span,
        phase=phase,
        subject=subject,
        purpose=purpose,
        fails_with=fails_with,
        severity=Severity.WARNING if subject == CONTROL else Severity.ERROR,
    )


def _launching(stack: Stack, launch: Launch, task: TaskDefinition) -> Iterator[Need]:
    passes = pass_task_role(stack, task, launch)
    runs = (run_task_demand(stack, task, launch), *pass_execution_role(stack, task, launch))
    if not isinstance(runs_on_fargate(stack, task), No):
        runs = (runs[0], *dict.fromkeys((*passes, *runs[1:])))
    elif passes and passes[0] not in runs:
        yield _launch(launch, task, passes, TASK_ROLE_ON_EC2)
    yield _launch(launch, task, (*runs, *pass_volume_roles(stack, launch)), "run task")
    yield from _tagging(stack, launch, task)


def _tagging(stack: Stack, launch: Launch, task: TaskDefinition) -> Iterator[Need]:
    """The one need of a task that is tagged, by its launcher first; else of one that may be."""
    tags = (tag_demand(stack, launch),)
    ways = (
        (_given(launch.sets_tags), launch.sets_tags, "tag task", "tag the task it starts"),
        (_copied(launch.propagates_tags), launch.propagates_tags, COPIED_TAGS, BY_ECS),
        (truth(launch.managed_tags), launch.managed_tags, COPIED_TAGS, BY_ECS),
    )
    for answer in (Yes, Unknown):
        for given, because, subject, purpose in ways:
            if isinstance(given, answer):
                yield _launch(launch, task, tags, subject, because, purpose)
                return


def _given(value: Value) -> Answer:
    absent = is_absent(value)
    return absent if isinstance(absent, Unknown) else NO if isinstance(absent, Yes) else YES


def _copied(propagated: Value) -> Answer:
    """Does ECS copy tags? ``NONE`` is what it does unless told otherwise."""
    if isinstance(propagated, Unknown):
        return propagated
    return YES if literal(propagated) in ("TASK_DEFINITION", "SERVICE") else NO


def _launch(
    launch: Launch,
    task: TaskDefinition,
    demands: tuple[Demand, ...],
    subject: str,
    because: Value | None = None,
    purpose: str = "",
) -> Need:
    by_call = launch.launcher is Launcher.STATE_MACHINE
    return Need(
        owner=launch,
        principal=Principal.LAUNCHER,
        role=launch.launcher_role,
        demands=tuple(
            replace(demand, fails_with=REFUSED.format(action=demand.action) if by_call else "")
            for demand in demands
        ),
        because=(launch.task_definition if because is None else because).span,
        phase=Phase.RUN,
        subject=subject,
        purpose=purpose or f"run task definition '{task.address}'",
        doubt=because if isinstance(because, Unknown) else None,
        origin=task.family if because is None else launch.cluster,
        severity=Severity.WARNING if subject == COPIED_TAGS else Severity.ERROR,
    )


def _unknown_launches(stack: Stack) -> Iterator[UnknownPart]:
    """What launches a task definition that is not known, or stands elsewhere."""
    for launch in stack.launches:
        reason = unknown_task(stack, launch)
        if reason is not None and launch.launcher in LAUNCHERS:
            yield UnknownPart(launch, Known("run task"), reason, launch.launcher_role)


def _without_role(rule: Rule, stack: Stack, launch: Launch, need: Need) -> Finding:
    task = stack.task_of(launch)
    needed = [each for each in rule.needs_of(stack) if each.owner is launch and not each.doubt]
    return rule.finding(
        launch,
        f"'{launch.address}' runs ECS tasks and has no role to do it with.",
        span=need.because,
        phase=Phase.DEPLOY,
        subject=need.subject,
        fix=Fix.of(
            stack,
            "Give the target a role.",
            "role_arn = aws_iam_role.events.arn",
            "RoleArn: !GetAtt EventsRole.Arn",
            draft=None if task is None else target_role(stack, launch, task, needed),
        ),
    )


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    yield from check_possible(
        rule, stack, _unknown_launches(stack), ["ecs:RunTask", "iam:PassRole"], Principal.LAUNCHER
    )
    for need in own_needs(rule, stack):
        launch = need.owner
        if (
            isinstance(launch, Launch)
            and launch.launcher is Launcher.EVENT_RULE
            and isinstance(stack.role_of(need.role), Absent)
        ):
            yield _without_role(rule, stack, launch, need)
        said = outcome(
            rule,
            stack,
            need,
        )
        if isinstance(said, Finding) and isinstance(need.owner, Launch):
            told = METRIC.get(need.owner.launcher, "")
            said = replace(said, message=f"{said.message} {told}".rstrip())
        if need.subject == TASK_ROLE_ON_EC2 and isinstance(said, Finding):
            why = Unknown(
                "a task on EC2 may start without its task role being passed", why=Why.OUTSIDE
            )
            said = rule.undecided(
                need.owner, why, span=need.because, subject=need.subject, need=said.need
            )
        yield said


RULE = Rule(
    "ECS821", "launcher-cannot-run-task", (Severity.ERROR, Severity.WARNING), __doc__, check, needs
)
