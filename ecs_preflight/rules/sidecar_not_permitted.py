"""The task role lacks what a sidecar of the task calls.

What it finds
    An X-Ray daemon or ADOT collector in a task whose role lacks ``xray:PutTraceSegments``; an
    AppConfig agent whose role lacks ``appconfig:StartConfigurationSession`` or
    ``GetLatestConfiguration``.

Why it matters
    The sidecar runs, and what it is there for does not happen.

Fix
    Allow the actions in a policy of the task role; AWSXRayDaemonWriteAccess holds those of X-Ray.

When it stays silent
    A collector with a configuration of its own; no task role on EC2; the role is not fully known.

References
    trace-data, appconfig-integration-containers-agent
"""

from __future__ import annotations

from collections.abc import Iterator

from ..findings.finding import Phase, Severity
from ..findings.needs import Demand, Need, demands
from ..findings.rule import Rule
from ..model import Container, Principal, Stack
from ..symbolic import arns
from ..symbolic.terms import Name
from ..symbolic.values import ABSENT, Known, Unknown, literal, shown_value
from ._needs import check_needs

XRAY = ("aws-xray-daemon", "xray/aws-xray-daemon")
ADOT = ("aws-otel-collector",)
APPCONFIG = ("aws-appconfig-agent",)


def needs(stack: Stack) -> Iterator[Need]:
    for task in stack.task_definitions:
        for container in task.containers:
            wanted = _wanted(stack, container)
            if wanted:
                yield Need(
                    owner=task,
                    task=task,
                    principal=Principal.TASK,
                    role=task.task_role,
                    demands=wanted,
                    because=container.image.span,
                    origin=container.image,
                    phase=Phase.RUN,
                    purpose=f"run sidecar '{shown_value(container.name)}'",
                    subject=container.name,
                )


def _wanted(stack: Stack, container: Container) -> tuple[Demand, ...]:
    image = shown_value(container.image)
    name = image.rsplit("/", 1)[-1].split(":", 1)[0].split("@", 1)[0]
    if name in XRAY or (name in ADOT and _default_configuration(container)):
        return demands(["xray:PutTraceSegments"], Known("*"))
    if name in APPCONFIG:
        configuration = Unknown(
            "the agent is asked for it at run time", Name("appconfig-configuration")
        )
        return demands(
            ["appconfig:StartConfigurationSession", "appconfig:GetLatestConfiguration"],
            arns.arn(stack.target, "appconfig", configuration),
        )
    return ()


def _default_configuration(container: Container) -> bool:
    """Is it sure that the collector uses the configuration that its image brings for traces?"""
    return (
        container.command == ABSENT
        and container.environment.remainder is None
        and container.secrets.remainder is None
        and not any(
            literal(item.name) in (None, "AOT_CONFIG_CONTENT")
            for item in (*container.environment, *container.secrets)
        )
    )


RULE = Rule("ECS809", "sidecar-not-permitted", (Severity.WARNING,), __doc__, check_needs, needs)
