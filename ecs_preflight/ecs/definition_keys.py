"""Keys of container definitions that ECS does not know for their underscores.

What decodes the JSON is blind to case and not to underscores (facts, Terraform): ``port_mappings``
sets nothing, and nobody says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..findings.finding import Severity
from ..findings.fixing.keys import rekeying
from ..model import Language, Stack, TaskDefinition
from ..symbolic.keys import folded
from ..symbolic.values import Entries, Items, Value
from .settings import SettingFault, is_given, title

Keys = dict[str, "Keys"]

#: The settings in whose names people write underscores, and what they hold (API
#: ContainerDefinition).
_SECRETS: Keys = {"valueFrom": {}}
KEYS: Keys = {
    "portMappings": {
        "containerPort": {},
        "hostPort": {},
        "containerPortRange": {},
        "appProtocol": {},
    },
    "mountPoints": {"sourceVolume": {}, "containerPath": {}, "readOnly": {}},
    "logConfiguration": {"logDriver": {}, "secretOptions": _SECRETS},
    "dependsOn": {"containerName": {}},
    "healthCheck": {"startPeriod": {}},
    "linuxParameters": {
        "initProcessEnabled": {},
        "sharedMemorySize": {},
        "maxSwap": {},
        "capabilities": {},
        "tmpfs": {"containerPath": {}, "mountOptions": {}},
        "devices": {"hostPath": {}, "containerPath": {}},
    },
    "repositoryCredentials": {"credentialsParameter": {}},
    "volumesFrom": {"sourceContainer": {}, "readOnly": {}},
    "ulimits": {"softLimit": {}, "hardLimit": {}},
    "extraHosts": {"ipAddress": {}},
    "restartPolicy": {"ignoredExitCodes": {}, "restartAttemptPeriod": {}},
    "secrets": _SECRETS,
    "environment": _SECRETS,
    "environmentFiles": {},
    "firelensConfiguration": {},
    "resourceRequirements": {},
    "systemControls": {},
    "credentialSpecs": {},
    "memoryReservation": {},
    "entryPoint": {},
    "startTimeout": {},
    "stopTimeout": {},
    "workingDirectory": {},
    "disableNetworking": {},
    "readonlyRootFilesystem": {},
    "dnsServers": {},
    "dnsSearchDomains": {},
    "dockerSecurityOptions": {},
    "dockerLabels": {},
    "pseudoTerminal": {},
    "versionConsistency": {},
}


def of_keys(stack: Stack, task: TaskDefinition) -> Iterator[SettingFault]:
    """Every such key, once for each container."""
    if stack.language is Language.CLOUDFORMATION:
        return  # it refuses properties that it does not know
    for container in task.containers:
        found: dict[str, list[tuple[Entries, Value, str]]] = {}
        spelt: dict[str, str] = {}
        for written, key, known in _misspelt(container.raw, KEYS):
            if spelt.setdefault(known, key) == key:  # one spelling of each is told of
                found.setdefault(key, []).append((written, written.get(key), known))
        for key, places in found.items():
            written, _, known = places[0]
            is_twice = any(known in holder for holder, _, _ in places)
            yield SettingFault(
                written.key_span(key),
                f"{title(container)} sets '{key}', which ECS does not know: it is '{known}'",
                "",
                f"Write '{known}'.",
                Severity.WARNING,
                draft=None
                if is_twice
                else rekeying([(value, key, known) for _, value, _ in places]),
            )


def _misspelt(value: Value, known: Keys) -> Iterator[tuple[Entries, str, str]]:
    """The objects with such a key, the key, and the name that it should have."""
    if isinstance(value, Items):
        for item in value.items:
            yield from _misspelt(item, known)
    if not isinstance(value, Entries) or not value.exact:
        return
    names = {folded(name): name for name in known}
    for key, item in value.entries:
        name = names.get(folded(key))
        if name is None:
            continue
        if name.casefold() != key.casefold() and is_given(item):
            yield value, key, name
        yield from _misspelt(item, known[name])
