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

import re
from collections.abc import Iterable

from ..ecs.execs import exec_uses, windows
from ..finding import AnyOutcome, Fix, Phase, Rule, Severity
from ..model import Stack
from ..values import literal
from ._messages import EXEC_FAILED


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use in exec_uses(stack):
        version, span = literal(use.launch.platform_version), use.launch.platform_version.span
        if version is None or not re.fullmatch(r"\d+\.\d+\.\d+", version):
            continue
        least = (1, 0, 0) if windows(use.task) else (1, 4, 0)
        if tuple(map(int, version.split("."))) >= least:
            yield rule.met(use.launch, span=span, subject="platform version")
        elif use.doubt is not None:
            yield rule.undecided(use.launch, use.doubt, span=span, subject="platform version")
        else:
            yield rule.finding(
                use.launch, f"'{use.launch.address}' enables ECS Exec on platform version "
                f"'{version}', which does not have it.", span=span, phase=Phase.EXEC,
                subject="platform version", fails_with=EXEC_FAILED,
                fix=Fix.of(stack, f"Use {'.'.join(map(str, least))} or LATEST.",
                           'platform_version = "LATEST"', "PlatformVersion: LATEST"))


RULE = Rule("ECS704", "exec-platform-too-old", (Severity.ERROR,), __doc__, check)
