"""What of a task logs: its containers, and the proxy that Service Connect adds to a service's."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Launch, LogConfiguration, LogGroup, Resource, Stack, Target, TaskDefinition
from ..symbolic.answers import No, Yes, is_absent
from ..symbolic.records import dataclass, replace
from ..symbolic.values import Known, Unknown, Value, join, literal, shown_value
from .launchers import unknown_task


@dataclass(frozen=True)
class LogSource:
    """A log configuration, whose it is in words (``container 'app'``), and the resource that it is
    written in: the task definition, or the service of a proxy."""

    owner: Resource
    task: TaskDefinition
    named: Value
    log: LogConfiguration

    @property
    def title(self) -> str:
        """As a message names it."""
        return shown_value(self.named)

    @property
    def is_proxy(self) -> bool:
        """Is it the proxy that Service Connect adds?"""
        return isinstance(self.owner, Launch)

    @property
    def group(self) -> Value:
        """The log group of the awslogs driver."""
        return self.log.option("awslogs-group")

    def place(self, stack: Stack) -> Target:
        """The stack's place, in the Region that the configuration names."""
        region = self.log.option("awslogs-region")
        own = isinstance(is_absent(region), Yes)
        return stack.target if own else replace(stack.target, region=region)


def log_sources(stack: Stack) -> Iterator[LogSource]:
    """Every log configuration of the stack's tasks; that of a proxy under each of its services."""
    for task in stack.task_definitions:
        yield from sources_of(stack, task)


def sources_of(stack: Stack, task: TaskDefinition) -> tuple[LogSource, ...]:
    """The containers' first, then the proxies'."""
    return stack.asked(_listed, task)


def _listed(stack: Stack, task: TaskDefinition) -> tuple[LogSource, ...]:
    return tuple(_sources_of(stack, task))


def _sources_of(stack: Stack, task: TaskDefinition) -> Iterator[LogSource]:
    for container in task.containers:
        yield LogSource(task, task, join("container '", container.name, "'"), container.log)
    for launch in stack.launches_of.get(task.address, ()):
        if _has_logging_proxy(launch):
            yield LogSource(launch, task, _proxy_of(launch), launch.service_connect_log)


def _has_logging_proxy(launch: Launch) -> bool:
    return not isinstance(is_absent(launch.service_connect_log.driver), Yes)


def _proxy_of(launch: Launch) -> Value:
    return Known(f"the Service Connect proxy of '{launch.address}'")


def lost_proxies(stack: Stack) -> Iterator[tuple[Launch, Value, Unknown]]:
    """The services of which neither the task definition is known nor, with it, the execution role
    of the proxy: (service, proxy in words, why)."""
    for launch in stack.launches:
        reason = unknown_task(stack, launch)
        if reason is not None and _has_logging_proxy(launch):
            yield launch, _proxy_of(launch), reason


def awslogs_sources(stack: Stack) -> Iterator[LogSource]:
    """Those that surely use the awslogs driver."""
    return (source for source in log_sources(stack) if literal(source.log.driver) == "awslogs")


@dataclass(frozen=True)
class UsedLogGroup:
    """A log group of the stack, and the first of ECS's uses of it."""

    group: LogGroup
    owner: Resource
    title: str


def used_log_groups(stack: Stack) -> Iterator[UsedLogGroup]:
    """Every log group of the stack that a container, a proxy or ECS Exec writes to, each once."""
    named = [(s.group, s.owner, s.title) for s in awslogs_sources(stack)]
    for cluster in stack.clusters:
        if cluster.exec is not None and isinstance(is_absent(cluster.exec.log_group), No):
            named.append((cluster.exec.log_group, cluster, f"ECS Exec in '{cluster.address}'"))
    seen = set()
    for value, owner, title in named:
        group = stack.find(LogGroup, value)
        if group is not None and group.address not in seen:
            seen.add(group.address)
            yield UsedLogGroup(group, owner, title)


def groups_in_use(stack: Stack) -> frozenset[str]:
    """The addresses of the log groups of the stack to which something logs by ``awslogs``."""
    return stack.derived(_in_use)


def _in_use(stack: Stack) -> frozenset[str]:
    found = (stack.find(LogGroup, source.group) for source in awslogs_sources(stack))
    return frozenset(group.address for group in found if group is not None)
