"""A service names a service role that it may not have.

What it finds
    ``iam_role`` / ``Role`` on a service whose task definition uses awsvpc or which runs on Fargate.

Why it matters
    ECS refuses the service: such services use the service-linked role, which ECS creates by itself.

Fix
    Leave the role out.

When it stays silent
    The launch type, the network mode or the role is not known, or the role is empty.

References
    API_CreateService, using-service-linked-roles
"""

from __future__ import annotations

from collections.abc import Iterable

from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..model import Absent, Launch, ServiceRole, Stack, launch_type, runs_on_fargate
from ..symbolic.answers import Yes
from ..symbolic.values import Unknown, literal

FAILS_WITH = (
    "InvalidParameterException: You cannot specify an IAM role for services that require a "
    "service linked role."
)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for launch in stack.launches:
        why = _why(stack, launch)
        for use in launch.service_roles:
            if (
                use.service_role is ServiceRole.SERVICE
                and why
                and not isinstance(use.role, Unknown)
                and not isinstance(stack.role_of(use.role), Absent)
            ):
                yield rule.finding(
                    launch,
                    f"Service '{launch.address}' names a service role, but {why}.",
                    span=use.role.span,
                    phase=Phase.DEPLOY,
                    subject="service role",
                    fails_with=FAILS_WITH,
                    fix=Fix("Leave the role out."),
                )


def _why(stack: Stack, launch: Launch) -> str:
    task = stack.task_of(launch)
    if task is not None and literal(task.network_mode) == "awsvpc":
        return f"task definition '{task.address}' uses the awsvpc network mode"
    fargate = literal(launch_type(stack, launch)) == "FARGATE" or (
        task is not None and isinstance(runs_on_fargate(stack, task), Yes)
    )
    return "it runs on Fargate" if fargate else ""


RULE = Rule("ECS510", "service-role-not-allowed", (Severity.ERROR,), __doc__, check)
