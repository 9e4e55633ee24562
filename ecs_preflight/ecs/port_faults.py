"""What RegisterTaskDefinition refuses of port mappings."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings.fixing import settings
from ..model import TaskDefinition
from ..symbolic.answers import No, is_absent
from ..symbolic.values import literal
from .settings import CLIENT, SettingFault, number, title


def of_ports(task: TaskDefinition) -> Iterator[SettingFault]:
    """Host ports that the network mode does not allow, ranges, and names that stand twice."""
    mode = literal(task.network_mode)
    seen: set[str] = set()
    for container in task.containers:
        for mapping in container.ports:
            inside, outside = number(mapping.container_port), number(mapping.host_port)
            if (
                mode in ("awsvpc", "host")
                and inside is not None
                and outside not in (None, 0, inside)
            ):
                yield SettingFault(
                    mapping.host_port.span,
                    f"{title(container)} maps port {inside} to port {outside} of the host, which "
                    f"network mode {mode} does not do",
                    f"{CLIENT}When networkMode={mode}, the host ports and container ports "
                    "in port mappings must match.",
                    "Leave the host port out.",
                    draft=settings.removing(mapping.host_port.span),
                )
            written = literal(mapping.range)
            first, _, last = (written or "").partition("-")
            if written and first.isdecimal() and last.isdecimal() and int(first) >= int(last):
                yield SettingFault(
                    mapping.range.span,
                    f"{title(container)} maps ports '{written}', which is no range",
                    f"{CLIENT}Invalid 'containerPortRange' setting.",
                    "Write the lower port first.",
                    draft=settings.replacing(mapping.range, f"{last}-{first}")
                    if int(first) > int(last)
                    else None,
                )
            if written and isinstance(is_absent(mapping.container_port), No):
                yield SettingFault(
                    mapping.container_port.span,
                    f"{title(container)} maps a port and a range in one mapping",
                    f"{CLIENT}cannot specify both single port and port range.",
                    "Leave one of them out.",
                    draft=settings.removing(mapping.container_port.span),
                )
            name = literal(mapping.name)
            if name is not None and name in seen:
                yield SettingFault(
                    mapping.name.span,
                    f"Task definition '{task.address}' has two port mappings named '{name}'",
                    f"{CLIENT}port mapping name is already used.",
                    "Name them apart.",
                )
            seen.update((name,) if name else ())
