"""A service names a service role that it may not have.

What it finds
    ``iam_role`` / ``Role`` on a service whose task definition uses awsvpc or which runs on Fargate,
    which has no load balancer or several target groups, or which uses service discovery.

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
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import Absent, Launch, ServiceRole, Stack, launch_type, runs_on_fargate
from ..symbolic.answers import No, Yes, truth
from ..symbolic.values import Unknown, literal

LINKED = (
    "InvalidParameterException: You cannot specify an IAM role for services that require a "
    "service linked role."
)
UNBALANCED = (
    "InvalidParameterException: IAM roles are only valid for services configured to use load "
    "balancers."
)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for launch in stack.launches:
        why, failure = refusal(stack, launch)
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
                    fails_with=failure,
                    fix=Fix("Leave the role out.", draft=settings.removing(use.role.span)),
                )


def refusal(stack: Stack, launch: Launch) -> tuple[str, str]:
    """Why the service may not name one, and what ECS says; empty where it may."""
    task = stack.task_of(launch)
    if task is not None and literal(task.network_mode) == "awsvpc":
        return f"task definition '{task.address}' uses the awsvpc network mode", LINKED
    if literal(launch_type(stack, launch)) == "FARGATE" or (
        task is not None and isinstance(runs_on_fargate(stack, task), Yes)
    ):
        return "it runs on Fargate", LINKED
    if isinstance(truth(launch.network.written), Yes):
        return "it has a network configuration, which goes with the awsvpc network mode", LINKED
    if len(launch.balancers) > 1:
        return "it has several target groups", LINKED
    if isinstance(truth(launch.has_registry), Yes):
        return "it uses service discovery", LINKED
    balanced = truth(launch.has_load_balancer)
    return ("it has no load balancer", UNBALANCED) if isinstance(balanced, No) else ("", "")


RULE = Rule("ECS510", "service-role-not-allowed", (Severity.ERROR,), __doc__, check)
