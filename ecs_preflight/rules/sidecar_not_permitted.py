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
    A sidecar that is told to call with another role or with keys of its own, or may be; a collector
    with a configuration of its own; no task role on EC2; the role is not fully known.

References
    trace-data, appconfig-integration-containers-agent-configuring,
    appconfig-agent-how-to-use-additional-features, xray-daemon-configuration
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.settings import KEYS
from ..findings.finding import Phase, Severity
from ..findings.needs import Demand, Need, demands
from ..findings.rule import Rule
from ..model import Container, Principal, Stack
from ..symbolic import arns
from ..symbolic.terms import Name
from ..symbolic.values import (
    ABSENT,
    Items,
    Known,
    Shape,
    Unknown,
    Why,
    join,
    literal,
    shown_value,
)
from ._needs import check_needs

XRAY = ("aws-xray-daemon", "xray/aws-xray-daemon")
ADOT = ("aws-otel-collector",)
APPCONFIG = ("aws-appconfig-agent",)
#: What makes a sidecar call as somebody else: the AppConfig agent's own ROLE_ARN, and its MANIFEST,
#: which may name a role for each configuration; what every SDK reads.
OTHER_IDENTITY = frozenset(
    {
        "ROLE_ARN",
        "MANIFEST",
        *KEYS,
        "AWS_PROFILE",
        "AWS_ROLE_ARN",
        "AWS_SHARED_CREDENTIALS_FILE",
    }
)
#: The X-Ray daemon's, and those of a configuration that may name one (xray-daemon-configuration).
ROLE_FLAGS = frozenset({"-r", "--role-arn", "-c", "--config"})


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
                    doubt=_may_be_told(container),
                )


def _wanted(stack: Stack, container: Container) -> tuple[Demand, ...]:
    if _is_told(container, OTHER_IDENTITY) or _takes_a_role(container):
        return ()
    image = shown_value(container.image)
    name = image.rsplit("/", 1)[-1].split(":", 1)[0].split("@", 1)[0]
    if name in XRAY or (name in ADOT and _is_as_delivered(container)):
        return demands(["xray:PutTraceSegments"], Known("*"))
    if name in APPCONFIG:
        application, environment, profile = map(
            _asked_for, ("application", "environment", "configuration")
        )
        configuration = join(
            *("application/", application, "/environment/", environment),
            *("/configuration/", profile),
        )
        return demands(
            ["appconfig:StartConfigurationSession", "appconfig:GetLatestConfiguration"],
            arns.arn(stack.target, "appconfig", configuration),
        )
    return ()


def _asked_for(part: str) -> Unknown:
    """A part of the configuration's name, which is the application's to say."""
    reason = "the agent is asked for it at run time"
    return Unknown(reason, Name(f"appconfig-{part}"), shape=Shape.SEGMENT)


def _is_as_delivered(container: Container) -> bool:
    """Does the collector use the configuration that its image brings for traces?"""
    configured = _is_told(container, frozenset({"AOT_CONFIG_CONTENT"}))
    return container.command == ABSENT and not configured


def _is_told(container: Container, names: frozenset[str]) -> bool:
    """Is one of these certainly in the container's environment?"""
    told = (*container.environment, *container.secrets)
    return any(literal(item.name) in names for item in told)


def _may_be_told(container: Container) -> Unknown | None:
    """What of the environment is not known, which may tell the sidecar anything."""
    for several in (container.environment, container.secrets):
        for value in (several.remainder, *(item.name for item in several)):
            if isinstance(value, Unknown):
                return value
    if container.environment_files.items:
        return Unknown("its environment file may name another role", why=Why.OUTSIDE)
    return None


def _takes_a_role(container: Container) -> bool:
    """Do its arguments name a role, or a configuration that may?"""
    arguments = container.command.items if isinstance(container.command, Items) else ()
    return any((literal(word) or "").split("=", 1)[0] in ROLE_FLAGS for word in arguments)


RULE = Rule("ECS809", "sidecar-not-permitted", (Severity.WARNING,), __doc__, check_needs, needs)
