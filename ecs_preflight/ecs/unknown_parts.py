"""What of a task is not known and may need something: containers, secrets, log configurations,
environment files, volumes.

Each is a need that may exist, so that silence about it stays visible.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..model import Container, Resource, Role, Secret, Several, Stack, TaskDefinition
from ..symbolic.values import Entries, Known, Unknown, Value, join, literal
from .images import EcrImage, registry_of
from .log_routers import output_of
from .log_sources import log_sources, lost_proxies, sources_of

_CONTAINERS = Known("containers that are not known")


class UnknownPart(NamedTuple):
    """``title`` names what may need something of ``role``, ``reason`` says why it is not known."""

    owner: Resource
    title: Value
    reason: Unknown
    role: Value


def unknown_containers(stack: Stack) -> Iterator[UnknownPart]:
    """Containers that a task definition may have besides those that are known."""
    for task in stack.task_definitions:
        if task.containers.remainder is not None:
            yield UnknownPart(task, _CONTAINERS, task.containers.remainder, task.execution_role)


def unknown_images(stack: Stack) -> Iterator[tuple[TaskDefinition, Container, Unknown]]:
    """Images that may come from any repository, or from elsewhere, of containers that are known."""
    for task in stack.task_definitions:
        for container in task.containers:
            source = registry_of(stack, container.image)
            if isinstance(source, Unknown):
                yield task, container, source


def unknown_registry_credentials(stack: Stack) -> Iterator[UnknownPart]:
    """Credentials for a private registry of which it is not known whether they are given."""
    for task in stack.task_definitions:
        for container in task.containers:
            given = container.registry_credentials
            if isinstance(given, Unknown) and needs_credentials(stack, container):
                title = join("the registry credentials of container '", container.name, "'")
                yield UnknownPart(task, title, given, task.execution_role)


def needs_credentials(stack: Stack, container: Container) -> bool:
    """Are credentials for the container's registry used? Those for ECR are not (facts A10)."""
    return not isinstance(registry_of(stack, container.image), EcrImage)


def unknown_revisions(stack: Stack) -> Iterator[UnknownPart]:
    """Containers of revisions that others deploy in the place of the code's."""
    for launch in stack.launches:
        task = stack.find(TaskDefinition, launch.task_definition)
        if task is not None and launch.revised_elsewhere is not None:
            yield UnknownPart(task, _CONTAINERS, launch.revised_elsewhere, task.execution_role)


def unknown_secrets(stack: Stack) -> Iterator[UnknownPart]:
    """Secrets that a container or a log driver may be given besides those that are known."""
    yield from unknown_containers(stack)
    for task in stack.task_definitions:
        lists: list[tuple[Resource, Value, Several[Secret]]] = [
            (task, join("container '", c.name, "'"), c.secrets) for c in task.containers
        ]
        lists += [(s.owner, s.named, s.log.secret_options) for s in sources_of(stack, task)]
        for owner, whose, several in lists:
            if several.remainder is not None:
                title = join("more secrets of ", whose)
                yield UnknownPart(owner, title, several.remainder, task.execution_role)
    for launch, named, reason in lost_proxies(stack):
        options = launch.service_connect_log.secret_options
        if options or options.remainder is not None:
            yield UnknownPart(launch, join("the secrets of ", named), reason, reason)


def unknown_logs(stack: Stack) -> Iterator[UnknownPart]:
    """Log configurations of which the driver is not known."""
    yield from unknown_containers(stack)
    for source in log_sources(stack):
        if isinstance(source.log.driver, Unknown):
            title, role = join("the logs of ", source.named), source.task.execution_role
            yield UnknownPart(source.owner, title, source.log.driver, role)
    for launch, named, reason in lost_proxies(stack):
        driver = launch.service_connect_log.driver
        if isinstance(driver, Unknown) or literal(driver) == "awslogs":
            yield UnknownPart(launch, join("the logs of ", named), reason, reason)


def unknown_environment_files(stack: Stack) -> Iterator[UnknownPart]:
    """Environment files that a container may be given besides those that are known."""
    for task in stack.task_definitions:
        for container in task.containers:
            remainder = container.environment_files.remainder
            if remainder is not None:
                title = join("more environment files of container '", container.name, "'")
                yield UnknownPart(task, title, remainder, task.execution_role)


def unknown_volumes(stack: Stack) -> Iterator[UnknownPart]:
    """Volumes of which it is not known whether they are of a file system."""
    for task in stack.task_definitions:
        if task.volumes.remainder is not None:
            title = Known("volumes that are not known")
            yield UnknownPart(task, title, task.volumes.remainder, task.task_role)
        for volume in task.volumes:
            if volume.kind is not None:
                named = join("volume '", volume.name, "'")
                yield UnknownPart(task, named, volume.kind, task.task_role)


def unknown_outputs(stack: Stack) -> Iterator[UnknownPart]:
    """Containers whose log router delivers to what is not known."""
    for task in stack.task_definitions:
        for container in task.containers:
            options = container.log.options
            output = output_of(options) if isinstance(options, Entries) else options
            if literal(container.log.driver) == "awsfirelens" and isinstance(output, Unknown):
                title = join("the output of container '", container.name, "'")
                yield UnknownPart(task, title, output, task.task_role)


def roles_of_unknown_parts(stack: Stack) -> frozenset[str]:
    """The addresses of the execution roles that may need more than is known."""
    parts = (
        *unknown_registry_credentials(stack),
        *unknown_revisions(stack),
        *unknown_secrets(stack),
        *unknown_logs(stack),
        *unknown_environment_files(stack),
    )
    roles = (
        *(part.role for part in parts),
        *(task.execution_role for task, *_ in unknown_images(stack)),
    )
    found = (stack.role_of(role) for role in roles)
    return frozenset(role.address for role in found if isinstance(role, Role))
