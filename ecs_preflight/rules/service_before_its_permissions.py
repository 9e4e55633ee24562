"""A service may be created before its roles have their permissions.

What it finds
    A Terraform service without ``depends_on`` for the separate resources that attach policies to
    the execution role of its task definition.

Why it matters
    Terraform sees no dependency between the two and creates them at once: the first tasks may start
    before the policy is attached, and fail.

Fix
    Add ``depends_on`` with the attachments to the service.

When it stays silent
    The policies are part of the role itself; CloudFormation.

References
    aws_ecs_service
"""

from __future__ import annotations

from collections.abc import Iterable

from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..model import Language, Launcher, Role, Stack


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    if stack.language is not Language.TERRAFORM:
        return
    for launch in stack.launches:
        task = stack.task_of(launch)
        role = stack.role_of(task.execution_role) if task else None
        if (
            launch.launcher is not Launcher.SERVICE
            or launch.depends_on is None
            or not isinstance(role, Role)
        ):
            continue
        missing = [
            policy.attachment
            for policy in role.policies
            if policy.attachment != role.address
            and not any(
                policy.attachment.split("[")[0] == name.split("[")[0] or name.startswith("module.")
                for name in launch.depends_on
            )
        ]
        if missing:
            yield rule.finding(
                launch,
                f"Service '{launch.address}' does not wait for {quoted(sorted(set(missing)))}.",
                span=launch.span,
                phase=Phase.START,
                subject="depends_on",
                fix=Fix("Add depends_on.", f"depends_on = [{', '.join(sorted(set(missing)))}]"),
            )


RULE = Rule("ECS826", "service-before-its-permissions", (Severity.NOTE,), __doc__, check)
