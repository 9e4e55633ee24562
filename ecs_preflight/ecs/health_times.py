"""How often and how long a target group checks the health of a service's tasks."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Launch, Stack, TargetGroup
from ..symbolic.answers import Yes, is_absent
from ..symbolic.values import literal
from .settings import SettingFault, number

#: What an Application Load Balancer's target group has by default, in seconds (API
#: CreateTargetGroup). A timeout is 5 or 6, or 10 for HTTPS: at least the least interval.
_INTERVAL, _TIMEOUT = 30, 5


def of_health_times(stack: Stack) -> Iterator[tuple[Launch, SettingFault]]:
    """Target groups that wait for an answer as long as they wait for the next check (facts H25).
    Those of Network Load Balancers may."""
    seen: set[str] = set()
    for launch in stack.launches:
        for target in launch.balancers:
            group = stack.find(TargetGroup, target.target_group)
            if group is None or group.address in seen or group.conditional is not None:
                continue
            seen.add(group.address)
            fault = _of_group(group) if stack.owns(group) else None
            if fault is not None:
                yield launch, fault


def _of_group(group: TargetGroup) -> SettingFault | None:
    from_code = group.interval, group.timeout
    if all(isinstance(is_absent(value), Yes) for value in from_code):
        return None
    interval = _INTERVAL if isinstance(is_absent(group.interval), Yes) else number(group.interval)
    timeout = _TIMEOUT if isinstance(is_absent(group.timeout), Yes) else number(group.timeout)
    is_of_alb = str(literal(group.protocol)).upper() in ("HTTP", "HTTPS")
    if not is_of_alb or interval is None or timeout is None or timeout < interval:
        return None
    by_default = isinstance(is_absent(group.timeout), Yes)
    return SettingFault(
        group.interval.span if by_default else group.timeout.span,
        f"Target group '{group.address}' checks health every {interval} seconds, and waits "
        f"{timeout} {'or more by default' if by_default else 'for an answer'}",
        "ValidationError: Health check interval must be greater than the timeout.",
        "Let it wait a shorter time, or check less often.",
        together=from_code,
    )
