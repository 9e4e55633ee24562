"""A container logs to another Region than its log group is in.

What it finds
    ``awslogs-region`` names another Region than that of the stack's own log group, which the
    container or Service Connect's proxy names, without ``awslogs-create-group``. A warning where
    the group is named by a literal text: another of that name may stand there.

Why it matters
    The log driver looks for the group in the Region it is told, does not find it, and the task does
    not start.

Fix
    Name the Region of the group.

When it stays silent
    Either Region is not known, or the driver may create the group.

References
    API_LogConfiguration, using_awslogs
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.log_sources import awslogs_sources
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import LogGroup, Stack
from ..symbolic.answers import No, truth
from ..symbolic.values import Known, join, literal
from ._messages import NO_LOG_GROUP


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for source in awslogs_sources(stack):
        # One name may be that of a group in each of several Regions.
        groups = stack.find_all(LogGroup, source.group)
        if not groups or not isinstance(truth(source.log.option("awslogs-create-group")), No):
            continue
        written = source.log.option("awslogs-region")
        region = literal(written)
        regions = [literal((group.target or stack.target).region) for group in groups]
        if region and all(there and there != region for there in regions):
            group, there = groups[0], regions[0]
            by_text = isinstance(source.group, Known)
            yield rule.finding(
                source.owner,
                f"{source.title[:1].upper()}{source.title[1:]} logs to Region '{region}', but log "
                f"group '{group.address}' is in '{there}'.",
                span=written.span,
                phase=Phase.START,
                subject=join(source.named, " ", source.group),
                severity=Severity.WARNING if by_text or source.is_proxy else Severity.ERROR,
                fails_with=NO_LOG_GROUP,
                fix=Fix.of(
                    stack,
                    f"Set awslogs-region to '{there}'.",
                    f'awslogs-region = "{there}"',
                    f"awslogs-region: {there}",
                    draft=settings.first_of(
                        settings.naming(written), settings.replacing(written, there or "")
                    ),
                ),
            )


RULE = Rule("ECS615", "log-region-differs", (Severity.ERROR, Severity.WARNING), __doc__, check)
