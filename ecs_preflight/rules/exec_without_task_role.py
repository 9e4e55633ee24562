"""ECS Exec is on, and the task has no task role.

What it finds
    A launch has Exec enabled, and neither its task definition nor the launch names a task role: an
    error on Fargate, a warning on EC2.

Why it matters
    ECS refuses the service on Fargate. On EC2 the guide lets the instance's role stand in, but
    UpdateService was seen to refuse it all the same.

Fix
    Give the task definition a task role with the four ``ssmmessages`` actions.

When it stays silent
    Exec, the task role or the launch type is not known.

References
    ecs-exec, API_RunTask
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.execs import exec_uses
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing.roles import task_role
from ..findings.rule import Rule
from ..model import (
    Absent,
    External,
    Principal,
    RoleLookup,
    Stack,
    launch_type,
    runs_on_fargate,
)
from ..symbolic.answers import Yes
from ..symbolic.values import Unknown, first, literal
from ._all_needs import needs_of

FAILS_WITH = (
    "InvalidParameterException: The service couldn't be updated because a valid taskRoleArn is "
    "not being used. Specify a valid task role in your task definition and try again."
)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in exec_uses(stack):
        role = stack.role_of(use.task_role)
        fargate = (
            Yes()
            if literal(launch_type(stack, use.launch)) == "FARGATE"
            else runs_on_fargate(stack, use.task)
        )
        span = use.launch.exec_enabled.span
        unsure = first(use.doubt, _may_be_none(role))
        if isinstance(role, Absent) and isinstance(fargate, Unknown):
            unsure = first(unsure, fargate)
        if isinstance(unsure, Unknown):
            yield rule.undecided(use.launch, unsure, span=span, subject="task role")
        elif isinstance(role, Absent):
            yield rule.finding(
                use.launch,
                f"'{use.launch.address}' enables ECS Exec, but task definition "
                f"'{use.task.address}' has no task role.",
                span=span,
                subject="task role",
                phase=Phase.DEPLOY,
                fails_with=FAILS_WITH,
                severity=Severity.ERROR if isinstance(fargate, Yes) else Severity.WARNING,
                fix=Fix.of(
                    stack,
                    "Give the task definition a task role.",
                    "task_role_arn = aws_iam_role.task.arn",
                    "TaskRoleArn: !GetAtt TaskRole.Arn",
                    draft=task_role(stack, use.task, needs_of(stack, Principal.TASK)),
                ),
            )
        else:
            yield rule.met(use.launch, span=span, subject="task role")


def _may_be_none(role: RoleLookup) -> Unknown | None:
    """The value that may turn out to name no role: an ARN that is written or looked up names one,
    whosever it is."""
    named = role.value if isinstance(role, External) else None
    return named if isinstance(named, Unknown) else None


RULE = Rule("ECS701", "exec-without-task-role", (Severity.ERROR, Severity.WARNING), __doc__, check)
