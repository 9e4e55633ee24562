"""ECS Exec is on, and the platform version is too old for it.

What it finds
    A launch with Exec names a Fargate platform version below 1.4.0 (Linux) or 1.0.0 (Windows).

Why it matters
    The session agent is not part of older platform versions.

Fix
    Leave the platform version out, or write ``LATEST``.

When it stays silent
    No version, ``LATEST``, or a value that is not known.

References
    ecs-exec, platform-fargate
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.execs import exec_uses, windows
from ..ecs.platforms import LINUX, WINDOWS, numbered
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import Stack
from ..symbolic.answers import Yes
from ..symbolic.values import Unknown, first, literal
from ._messages import EXEC_FAILED


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in exec_uses(stack):
        version, span = literal(use.launch.platform_version), use.launch.platform_version.span
        number, system = numbered(use.launch.platform_version), windows(use.task)
        if number is None:
            continue
        least = WINDOWS if isinstance(system, Yes) else LINUX
        unsure = first(
            use.doubt, system if isinstance(system, Unknown) and number >= WINDOWS else None
        )
        if number >= least:
            yield rule.met(use.launch, span=span, subject="platform version")
        elif unsure is not None:
            yield rule.undecided(use.launch, unsure, span=span, subject="platform version")
        else:
            yield rule.finding(
                use.launch,
                f"'{use.launch.address}' enables ECS Exec on platform version "
                f"'{version}', which does not have it.",
                span=span,
                phase=Phase.EXEC,
                subject="platform version",
                fails_with=EXEC_FAILED,
                fix=Fix.of(
                    stack,
                    f"Use {'.'.join(map(str, least))} or LATEST.",
                    'platform_version = "LATEST"',
                    "PlatformVersion: LATEST",
                    draft=settings.setting(span, "LATEST"),
                ),
            )


RULE = Rule("ECS704", "exec-platform-too-old", (Severity.ERROR,), __doc__, check)
