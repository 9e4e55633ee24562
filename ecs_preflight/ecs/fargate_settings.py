"""What Fargate refuses in a task definition (API ContainerDefinition, DG fargate-tasks-services).

The messages are those of RegisterTaskDefinition; where none is known the fault has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..adapters.fields import block, field
from ..findings.finding import Draft, Severity
from ..findings.fixing import settings as fixing
from ..model import Container, LogConfiguration, TaskDefinition
from ..symbolic.alike import nearest
from ..symbolic.answers import No, Yes, is_absent, truth
from ..symbolic.empty import empty_input
from ..symbolic.values import ABSENT, Entries, Items, Known, Value, literal, shown_value
from .definition_forms import MODES
from .log_sources import LogSource
from .settings import SettingFault, is_given, number, setting, title

DRIVERS = ("awslogs", "splunk", "awsfirelens")
#: The options of awslogs: ECS's (API LogConfiguration), and those of Docker's driver.
AWSLOGS = frozenset(
    {
        "awslogs-group",
        "awslogs-region",
        "awslogs-create-group",
        "awslogs-stream-prefix",
        "awslogs-datetime-format",
        "awslogs-multiline-pattern",
        "mode",
        "max-buffer-size",
        "awslogs-stream",
        "awslogs-create-stream",
        "awslogs-endpoint",
        "awslogs-credentials-endpoint",
        "awslogs-format",
        "awslogs-force-flush-interval-seconds",
        "awslogs-max-buffered-events",
        "tag",
        "labels",
        "env",
    }
)
ELSEWHERE = "Leave the setting out, or run the task on EC2."
_REFUSED = "ClientException: Fargate compatible task definitions do not support {}"
_ON_AWSVPC = "ClientException: {} when networkMode=awsvpc."

#: Memory in MiB that goes with each size of CPU: the least, the most, and the step.
SIZES = {
    512: (1024, 4096, 1024),
    1024: (2048, 8192, 1024),
    2048: (4096, 16384, 1024),
    4096: (8192, 30720, 1024),
    8192: (16384, 61440, 4096),
    16384: (32768, 122880, 8192),
}
SMALLEST = (256, (512, 1024, 2048))

#: Settings of a container that Fargate does not take: the path, what a message calls it, what AWS
#: says.
_CONTAINER = (
    ("linuxParameters.devices", "maps devices of the host", _REFUSED.format("devices")),
    (
        "linuxParameters.sharedMemorySize",
        "sets the size of shared memory",
        _REFUSED.format("sharedMemorySize"),
    ),
    ("linuxParameters.maxSwap", "sets swap space", _REFUSED.format("maxSwap")),
    ("linuxParameters.swappiness", "sets swappiness", ""),
    (
        "dockerSecurityOptions",
        "sets Docker security options",
        _REFUSED.format("dockerSecurityOptions"),
    ),
)
#: Those that the awsvpc network mode does not take, on EC2 either.
_AWSVPC = (
    ("links", "links other containers", _ON_AWSVPC.format("Links are not supported")),
    (
        "extraHosts",
        "sets extra hosts",
        _ON_AWSVPC.format("Extra hosts are not supported on container"),
    ),
    (
        "dnsServers",
        "sets DNS servers",
        _ON_AWSVPC.format("DNS servers are not supported on container"),
    ),
    ("hostname", "sets a hostname", _ON_AWSVPC.format("hostname is not supported on container")),
)


def _needless(value: Value, what: str, failure: str) -> SettingFault:
    """A fault that is mended by leaving the setting out."""
    return SettingFault(
        value.span, what, failure, ELSEWHERE, draft=fixing.removing_whole(value.span)
    )


def of_task(task: TaskDefinition) -> Iterator[SettingFault]:
    """Faults of the task definition as a whole, for a task that surely runs on Fargate."""
    if not task.implicit:
        yield from _network(task)
        yield from _size(task)
    for volume in task.volumes:
        name = shown_value(volume.name)
        if isinstance(is_absent(volume.docker), No):
            failure = _REFUSED.format("dockerVolumeConfiguration")
            what = f"Volume '{name}' is a Docker volume, which Fargate does not support"
            yield _needless(volume.docker, what, failure)
        if volume.fsx is not None:
            what = f"Volume '{name}' is on FSx for Windows, which Fargate does not support"
            draft = fixing.removing(volume.fsx.span)
            yield SettingFault(volume.fsx.span, what, "", ELSEWHERE, draft=draft)
    if literal(task.pid_mode) == "host":
        failure = "ClientException: Tasks using the Fargate launch type do not support pidMode "
        what = f"Task definition '{task.address}' uses the host's process namespace, which Fargate "
        yield _needless(task.pid_mode, f"{what}does not support", f"{failure}'host'.")
    if literal(task.ipc_mode) in ("host", "task"):
        whose = "the host's IPC" if literal(task.ipc_mode) == "host" else "a shared IPC"
        what = f"Task definition '{task.address}' uses {whose} namespace, which Fargate does not "
        yield _needless(task.ipc_mode, f"{what}support", _REFUSED.format("ipcMode"))
    trusted = field(task.raw, "TrustedExecutionConfiguration")
    if isinstance(block(trusted), Entries):
        what = f"Task definition '{task.address}' has a trusted execution configuration, which "
        yield _needless(trusted, f"{what}Managed Instances alone take", "")
    if task.placement_constraints.items:
        what = f"Task definition '{task.address}' has placement constraints, which Fargate does not"
        failure = _REFUSED.format("constraints")
        places = [constraint.span for constraint in task.placement_constraints]
        draft = fixing.removing(*places)
        yield SettingFault(places[0], f"{what} support", failure, ELSEWHERE, draft=draft)


def _network(task: TaskDefinition) -> Iterator[SettingFault]:
    mode = task.network_mode
    absent = isinstance(is_absent(mode), Yes)
    if absent or (literal(mode) in MODES and literal(mode) != "awsvpc"):
        span = task.span if absent else mode.span
        how = "without a network mode" if absent else f"with network mode '{literal(mode)}'"
        yield SettingFault(
            span,
            f"Task definition '{task.address}' is for Fargate {how}, where Fargate takes 'awsvpc' "
            "alone",
            "ClientException: Fargate only supports network mode 'awsvpc'.",
            "Set the network mode to 'awsvpc'.",
            draft=fixing.argument(task.span, "network_mode", "NetworkMode", "awsvpc")
            if absent
            else fixing.setting(mode.span, "awsvpc"),
        )


def _size(task: TaskDefinition) -> Iterator[SettingFault]:
    for value, name in ((task.cpu, "cpu"), (task.memory, "memory")):
        if isinstance(is_absent(value), Yes):
            yield SettingFault(
                task.span,
                f"Task definition '{task.address}' is for Fargate and says no {name}",
                f"ClientException: Fargate requires that '{name}' be defined at the task level.",
                f"Set {name} of the task.",
            )
    cpu, memory = units(task.cpu, "vcpu"), units(task.memory, "gb")
    invalid = "ClientException: No Fargate configuration exists for given values."
    if cpu is not None and memory is not None and not _fits(cpu, memory):
        yield SettingFault(
            task.memory.span,
            f"Task definition '{task.address}' asks for {cpu} CPU units with {memory} MiB, which "
            "Fargate does not offer",
            invalid,
            "Choose a pair that Fargate offers.",
            draft=_sized(task, cpu, memory),
            together=(task.cpu, task.memory),
        )
    windows = (literal(task.operating_system) or "").startswith("WINDOWS")
    if windows and cpu is not None and cpu < 1024:
        what = f"Task definition '{task.address}' asks for {cpu} CPU units, and Windows takes 1024"
        yield SettingFault(task.cpu.span, what, invalid, "Give the task 1024 CPU units or more.")
    if windows and literal(task.architecture) == "ARM64":
        what = f"Task definition '{task.address}' asks for Windows on ARM64, which there is not"
        draft = fixing.setting(task.architecture.span, "X86_64")
        yield SettingFault(task.architecture.span, what, invalid, "Use X86_64.", draft=draft)
    size = number(task.ephemeral_storage)
    if size is not None and not 21 <= size <= 200:
        bound = "least 21" if size < 21 else "most 200"
        yield SettingFault(
            task.ephemeral_storage.span,
            f"Task definition '{task.address}' asks for {size} GiB of ephemeral storage, which "
            f"should be at {bound}",
            f"ClientException: EphemeralStorage size should be at {bound}.",
            "Ask for 21 to 200 GiB, or leave it out for the default of 20.",
            draft=fixing.setting(task.ephemeral_storage.span, "21" if size < 21 else "200"),
        )


def _sized(task: TaskDefinition, cpu: int, memory: int) -> Draft | None:
    """The least pair that offers as much of both; None where there is none."""
    offered = {SMALLEST[0]: SMALLEST[1]} | {
        size: tuple(range(least, most + 1, step)) for size, (least, most, step) in SIZES.items()
    }
    for size, memories in offered.items():
        enough = next((each for each in memories if each >= memory), None)
        if size >= cpu and enough is not None:
            wanted = ((task.cpu, cpu, size), (task.memory, memory, enough))
            changed = [(value, new) for value, old, new in wanted if new != old]
            if all(number(value) is not None for value, _ in changed):
                edits = [fixing.setting(value.span, str(new)) for value, new in changed]
                return fixing.unless_chosen(fixing.together(*edits), task.cpu, task.memory)
            return None
    return None


def units(value: Value, unit: str) -> int | None:
    """CPU units or MiB, of a number or of a text like ``.5 vCPU`` and ``2 GB``."""
    text = (literal(value) or "").strip().lower()
    found = re.fullmatch(rf"(\d+(?:\.\d+)?|\.\d+)\s*{unit}", text)
    if found:
        return int(float(found[1]) * 1024)
    return int(text) if text.isdecimal() else None


def _fits(cpu: int, memory: int) -> bool:
    """Does Fargate offer the pair? Sizes that the table does not know are left alone."""
    if cpu == SMALLEST[0]:
        return memory in SMALLEST[1]
    if cpu not in SIZES:
        return cpu > max(SIZES)
    least, most, step = SIZES[cpu]
    return least <= memory <= most and (memory - least) % step == 0


def of_container(container: Container) -> Iterator[SettingFault]:
    """Faults of a container, for a task that surely runs on Fargate."""
    whose = title(container)
    if isinstance(truth(container.privileged), Yes):
        yield SettingFault(
            container.privileged.span,
            f"{whose} is privileged, which Fargate does not support",
            "ClientException: Fargate requires that the 'privileged' setting be 'false'",
            ELSEWHERE,
            draft=fixing.setting(container.privileged.span, "false"),
        )
    for path, what, failure in _CONTAINER:
        value = setting(container, path)
        if is_given(value) and literal(value) != "0":
            yield _needless(value, f"{whose} {what}, which Fargate does not support", failure)
    added = setting(container, "linuxParameters.capabilities.add")
    for capability in added if isinstance(added, Items) else ():
        name = literal(capability)
        if name is not None and name not in ("SYS_PTRACE", ""):
            yield _needless(
                capability,
                f"{whose} adds capability '{name}', and Fargate allows SYS_PTRACE alone",
                f"ClientException: {name} is not allowed on Fargate.",
            )
    wanted = setting(container, "resourceRequirements")
    for item in wanted if isinstance(wanted, Items) else ():
        if isinstance(item, Entries) and literal(item.get_folded("type")) == "GPU":
            yield SettingFault(
                item.span,
                f"{whose} asks for a GPU, which Fargate does not have",
                "ClientException: Tasks using the Fargate launch type do not support GPU resource "
                "requirements.",
                ELSEWHERE,
                draft=fixing.removing_whole(item.span),
            )


def of_awsvpc(container: Container) -> Iterator[SettingFault]:
    """Faults of a container in a task of its own network interface, on Fargate or on EC2."""
    for path, what, failure in _AWSVPC:
        value = setting(container, path)
        if is_given(value):
            message = f"{title(container)} {what}, which the awsvpc network mode does not support"
            yield SettingFault(
                value.span,
                message,
                failure,
                "Leave the setting out, or use another network mode on EC2.",
                draft=fixing.removing(value.span),
            )
    if isinstance(truth(setting(container, "disableNetworking")), Yes):
        yield SettingFault(
            setting(container, "disableNetworking").span,
            f"{title(container)} disables networking, which the awsvpc network mode does not "
            "support",
            _ON_AWSVPC.format("Disable Networking is not supported on container"),
            ELSEWHERE,
            draft=fixing.setting(setting(container, "disableNetworking").span, "false"),
        )


def of_log(source: LogSource, fargate: bool) -> Iterator[SettingFault]:
    """Faults of a log configuration, some of them on Fargate alone."""
    log, whose = source.log, source.title[:1].upper() + source.title[1:]
    driver = literal(log.driver)
    if fargate and driver is not None and driver not in DRIVERS:
        yield SettingFault(
            log.driver.span,
            f"{whose} uses log driver '{driver}', which Fargate does not support",
            f"ClientException: {driver} is not a valid log driver. Must be one of [awslogs, "
            "splunk, awsfirelens]",
            "Use awslogs, splunk or awsfirelens.",
        )
    options = log.options
    if driver != "awslogs" or not isinstance(options, Entries) or options.remainder is not None:
        return
    needed = "ClientException: Log driver awslogs requires options: {}"
    if _lacks(log, "awslogs-group"):
        what = f"{whose} uses awslogs without a log group"
        yield SettingFault(
            log.driver.span, what, needed.format("awslogs-group"), "Write the option."
        )
    if _lacks(log, "awslogs-region"):
        yield SettingFault(
            log.driver.span,
            f"{whose} uses awslogs without a Region",
            needed.format("awslogs-region"),
            "Write the option.",
            Severity.WARNING,
        )
    yield from _of_options(options, whose)
    if fargate and not source.is_proxy and _lacks(log, "awslogs-stream-prefix"):
        prefix = log.option("awslogs-stream-prefix")
        yield SettingFault(
            log.driver.span,
            f"{whose} uses awslogs on Fargate without a stream prefix",
            "ClientException: Fargate requires log configuration options to include "
            "awslogs-stream-prefix to support log driver awslogs.",
            "Write the option.",
            draft=fixing.beside(options.span, "awslogs-stream-prefix", "ecs")
            if prefix == ABSENT
            else fixing.setting(prefix.span, "ecs"),
        )


def _lacks(log: LogConfiguration, option: str) -> bool:
    """Is the option not written, or empty, and not for want of an input?"""
    value = log.option(option)
    return value in (ABSENT, Known("")) and empty_input(value) is None


def _renamed(options: Entries, name: str) -> Draft:
    """The option by the name that was meant, else left out."""
    free = sorted(each for each in AWSLOGS if each not in options)
    near = nearest(name, free, 0.75)
    place = options.key_span(name)
    return fixing.renaming(place, near) if near else fixing.removing(options.get(name).span)


def _of_options(options: Entries, whose: str) -> Iterator[SettingFault]:
    """Options of awslogs that RegisterTaskDefinition does not take."""
    for name, value in options.entries:
        if name not in AWSLOGS:
            yield SettingFault(
                options.key_span(name),
                f"{whose} gives awslogs option '{name}', which it does not have",
                f"ClientException: Log driver awslogs disallows options: {name}",
                "Leave the option out, or write it as awslogs calls it.",
                draft=_renamed(options, name),
            )
        elif name == "awslogs-create-group" and (literal(value) or "true").lower() != "true":
            yield SettingFault(
                value.span,
                f"{whose} sets 'awslogs-create-group' to '{literal(value)}'",
                "ClientException: Log driver awslogs option 'awslogs-create-group' should only be "
                "set to 'true', else omit option.",
                "Leave the option out.",
                draft=fixing.removing(value.span),
            )
