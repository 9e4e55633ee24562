"""A task definition still uses an App Mesh proxy.

What it finds
    A ``proxyConfiguration`` of type APPMESH.

Why it matters
    App Mesh ended on 2026-09-30: the proxy has no control plane to talk to.

Fix
    Use Service Connect, or leave the proxy out.

When it stays silent
    No proxy configuration, or a type that is not known.

References
    proxy-authorization
"""

from __future__ import annotations

from collections.abc import Iterable

from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..model import Stack
from ..symbolic.values import literal


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        if literal(task.proxy_type) == "APPMESH":
            yield rule.finding(
                task,
                f"Task definition '{task.address}' sends its traffic through App Mesh, which ended "
                "on 2026-09-30.",
                span=task.proxy_type.span,
                phase=Phase.RUN,
                subject="proxy",
                fix=Fix("Use Service Connect."),
            )


RULE = Rule("ECS810", "app-mesh-proxy", (Severity.NOTE,), __doc__, check)
