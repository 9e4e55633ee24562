"""What of a task is not known and may need something: containers, secrets, log configurations.

Each is a need that may exist, so that silence about it stays visible.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..model import Resource, Secret, Several, Stack
from ..symbolic.values import Known, Unknown, Value, join
from .log_sources import log_sources, sources_of

_CONTAINERS = Known("containers that are not known")


class UnknownPart(NamedTuple):
    """``title`` names what may need something, ``reason`` says why it is not known."""

    owner: Resource
    title: Value
    reason: Unknown


def unknown_containers(stack: Stack) -> Iterator[UnknownPart]:
    """Containers that a task definition may have besides those that are known."""
    for task in stack.task_definitions:
        if task.containers.remainder is not None:
            yield UnknownPart(
                task, Known("containers that are not known"), task.containers.remainder
            )


def unknown_secrets(stack: Stack) -> Iterator[UnknownPart]:
    """Secrets that a container or a log driver may be given besides those that are known."""
    yield from unknown_containers(stack)
    for task in stack.task_definitions:
        lists: list[tuple[Value, Several[Secret]]] = [
            (join("container '", c.name, "'"), c.secrets) for c in task.containers
        ]
        lists += [(source.named, source.log.secret_options) for source in sources_of(stack, task)]
        for whose, several in lists:
            if several.remainder is not None:
                yield UnknownPart(task, join("more secrets of ", whose), several.remainder)


def unknown_logs(stack: Stack) -> Iterator[UnknownPart]:
    """Log configurations of which the driver is not known."""
    yield from unknown_containers(stack)
    for source in log_sources(stack):
        if isinstance(source.log.driver, Unknown):
            yield UnknownPart(source.owner, join("the logs of ", source.named), source.log.driver)
