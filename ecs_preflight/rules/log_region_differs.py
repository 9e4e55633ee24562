"""A container logs to another Region than its log group is in, or to none.

What it finds
    ``awslogs-region`` is no Region (an Availability Zone, a URL, a pseudo parameter outside
    ``Fn::Sub``), or another than that of the stack's own log group, which the container or Service
    Connect's proxy names, without ``awslogs-create-group``. A warning where the group is named by a
    literal text: another of that name may stand there.

Why it matters
    The log driver looks for the group in the Region it is told, does not find it, and the task does
    not start.

Fix
    Name the Region of the group.

When it stays silent
    Either Region is not known, or the driver may create the group; the text may be a placeholder.

References
    API_LogConfiguration, using_awslogs
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..ecs.log_sources import LogSource, awslogs_sources
from ..findings.finding import AnyOutcome, Draft, Finding, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.fixing.references import coded
from ..findings.rule import Rule
from ..model import LogGroup, Stack
from ..symbolic.answers import No, truth
from ..symbolic.patterns import regex
from ..symbolic.values import Known, Value, join, literal
from ._messages import NO_LOG_GROUP

REGION = regex(r"[a-z]{2,5}(-[a-z]+)+-\d{1,2}")
#: An Availability Zone, an address, or what is left over from ``Fn::Sub``; other words may be
#: placeholders.
NONE = regex(r"[a-z]{2,5}(-[a-z]+)+-\d{1,2}[a-z]|[a-z0-9-]+[.:/][a-z0-9.:/-]*|\$\{AWS::\w+\}")
_NO_STREAM = (
    "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 "
    "times: failed to create Cloudwatch log stream: "
)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for source in awslogs_sources(stack):
        written = source.log.option("awslogs-region")
        region = literal(written)
        if region and NONE.fullmatch(region):
            yield _no_region(rule, stack, source, written, region)
            continue
        # One name may be that of a group in each of several Regions.
        groups = stack.find_all(LogGroup, source.group)
        if not groups or not isinstance(truth(source.log.option("awslogs-create-group")), No):
            continue
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
                fails_with=NO_LOG_GROUP if REGION.fullmatch(region) else _no_endpoint(region),
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


def _no_region(rule: Rule, stack: Stack, source: LogSource, written: Value, region: str) -> Finding:
    ours = literal(stack.target.region)
    return rule.finding(
        source.owner,
        f"{source.title[:1].upper()}{source.title[1:]} logs to '{region}', which is no Region.",
        span=written.span,
        phase=Phase.START,
        subject=join(source.named, " ", source.group),
        severity=Severity.WARNING if source.is_proxy else Severity.ERROR,
        fails_with=_no_endpoint(region),
        fix=Fix(
            "Name the Region of the log group.",
            draft=_draft(written, region, ours),
        ),
    )


def _draft(written: Value, region: str, ours: str | None) -> Draft | None:
    """What is named between quotes, or the stack's Region; else the one that an Availability Zone
    is in, or the pseudo parameter that lacks its function."""
    zone = re.fullmatch(rf"({REGION.pattern})[a-z]", region)
    if ours or zone:
        there = settings.replacing(written, ours or (zone[1] if zone else ""))
        return settings.first_of(settings.naming(written), there)
    return coded(written.span, "AWS::Region") if region == "${AWS::Region}" else None


def _no_endpoint(region: str) -> str:
    """What the driver says of a text that is no Region: one that may stand in a host's name is
    looked up as one."""
    if re.fullmatch(r"[\w.-]+", region) is None:
        return f"{_NO_STREAM}MissingEndpoint: 'Endpoint' configuration is required for this service"
    host = f"logs.{region}.amazonaws.com"
    return (
        f'{_NO_STREAM}RequestError: send request failed caused by: Post "https://{host}/": dial '
        f"tcp: lookup {host}: no such host"
    )


RULE = Rule("ECS615", "log-region-differs", (Severity.ERROR, Severity.WARNING), __doc__, check)
