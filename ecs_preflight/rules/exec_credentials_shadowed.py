"""ECS Exec is on, and a container's environment keeps the session agent from the task role.

What it finds
    ``AWS_ACCESS_KEY_ID`` or its kin in the environment or the secrets of a container that is
    reached with Exec; a proxy without a ``NO_PROXY`` for the metadata addresses.

Why it matters
    The session agent takes its credentials like any SDK: keys in the environment come before the
    task role, and then these keys need the ``ssmmessages`` actions. Through a proxy it cannot get
    credentials at all.

Fix
    Leave the keys to the task role. Set ``NO_PROXY=169.254.169.254,169.254.170.2``.

When it stays silent
    Exec, or the variable's name, is not known.

References
    ecs-exec, amazon-ecs-exec-checker
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.execs import exec_tasks
from ..ecs.settings import KEYS
from ..findings.finding import AnyOutcome, Draft, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import Container, Stack
from ..symbolic.source import Span
from ..symbolic.values import Known, join, literal, shown_value
from ._messages import EXEC_FAILED

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY")
METADATA = "169.254.170.2"
METADATA_ADDRESSES = f"169.254.169.254,{METADATA}"


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in exec_tasks(stack):
        if use.doubt is None:
            for container in use.task.containers:
                name = shown_value(container.name)
                for variable, span, why, advice, draft in _shadows(container):
                    yield rule.finding(
                        use.task,
                        f"'{variable}' of container '{name}' {why}.",
                        span=span,
                        phase=Phase.EXEC,
                        subject=join(container.name, f" {variable}"),
                        fails_with=EXEC_FAILED,
                        fix=Fix(advice, draft=draft),
                    )


def _shadows(container: Container) -> Iterator[tuple[str, Span, str, str, Draft | None]]:
    named = [
        (literal(item.name) or "", item.span)
        for item in (*container.environment, *container.secrets)
    ]
    for name, span in named:
        if name in KEYS:
            yield (
                name,
                span,
                "comes before the task role when ECS Exec's agent looks for credentials",
                "Give the task role what these keys may do, and leave them out.",
                None,
            )
            return
    bypass = [
        item.value
        for item in container.environment
        if (literal(item.name) or "").upper() == "NO_PROXY"
    ]
    open_ended = container.environment.remainder is not None or len(container.environment_files) > 0
    if not open_ended and not any(
        not isinstance(value, Known) or METADATA in str(value.value) or str(value.value) == "*"
        for value in bypass
    ):
        for name, span in named:
            if name.upper() in PROXIES:
                yield (
                    name,
                    span,
                    "sends ECS Exec's agent through a proxy even for its credentials",
                    f"Set NO_PROXY={METADATA_ADDRESSES} beside it.",
                    _bypassing(container, name),
                )
                return


def _bypassing(container: Container, name: str) -> Draft | None:
    """NO_PROXY beside the variable of that name, or with the addresses in it where it is there."""
    variables = {(literal(item.name) or ""): item for item in container.environment}
    bypass = next((item for key, item in variables.items() if key.upper() == "NO_PROXY"), None)
    if bypass is not None:
        end = f",{METADATA_ADDRESSES}" if literal(bypass.value) else METADATA_ADDRESSES
        return settings.appending(bypass.value.span, end)
    if name not in variables:
        return None
    proxy = variables[name]
    changes = ((proxy.name, "NO_PROXY"), (proxy.value, METADATA_ADDRESSES))
    return settings.copied(proxy.span, changes)


RULE = Rule("ECS710", "exec-credentials-shadowed", (Severity.WARNING,), __doc__, check)
