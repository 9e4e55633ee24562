"""Service registries that do not go with the DNS records of their Cloud Map service (facts Q10)."""

from __future__ import annotations

from collections.abc import Iterator

from ..adapters.fields import field, maps
from ..findings.fixing import settings
from ..model import DiscoveryService, Launch, Stack, TaskDefinition
from ..symbolic.values import Entries, literal
from .settings import SettingFault, is_given

#: What names a port there, and how AWS's message calls it.
NAMES = {"containerPort": "containerPort", "port": "Port"}


def of_registries(stack: Stack, launch: Launch, task: TaskDefinition) -> Iterator[SettingFault]:
    """Ports for records of addresses alone, of tasks that have an address of their own."""
    if not isinstance(launch.raw, Entries) or literal(task.network_mode) != "awsvpc":
        return
    listed = field(launch.raw, "ServiceRegistries", "ServiceRegistry")
    for registry in maps(listed, lambda item: item):
        found = stack.find(DiscoveryService, field(registry, "RegistryArn"))
        if found is None or not stack.owns(found) or found.records.remainder is not None:
            continue
        kinds = {literal(kind) for kind in found.records}
        ports = [name for name in NAMES if is_given(field(registry, name))]
        if kinds == {"A"} and ports:
            value = field(registry, ports[0])
            named = field(registry, "containerName")
            needless = [field(registry, name) for name in ports]
            yield SettingFault(
                value.span,
                f"'{launch.address}' registers port {literal(value) or '...'} with "
                f"'{found.address}', which has records of type A alone",
                "InvalidParameterException: The values specified for serviceRegistries do not "
                f"require a value for '{NAMES[ports[0]]}'. Remove the value and retry.",
                "Leave the port and the container out, or give the Cloud Map service an SRV "
                "record.",
                draft=settings.removing(
                    *(each.span for each in (*needless, *([named] if is_given(named) else [])))
                ),
            )
