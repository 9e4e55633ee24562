"""What RegisterTaskDefinition refuses whatever the launch type: parts of a task definition that
name others which are not there.

Where one of the names is not known, or there may be more of what is named, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..adapters.fields import field, is_null
from ..findings.fixing import settings
from ..findings.fixing.references import unwrapping
from ..model import Container, Dependency, Several, Stack, TaskDefinition, runs_on_fargate
from ..symbolic.answers import No, Yes, is_absent, truth
from ..symbolic.strings import pieces
from ..symbolic.values import Known, Value, literal, shown_value
from .arn_forms import file_fault, is_no_arn
from .execs import ENDS
from .log_routers import s3_configuration
from .settings import SettingFault, is_given, names_of, title

#: A daemon's log router is for other tasks' logs too.
_DAEMONS = ("aws_ecs_daemon_task_definition", "AWS::ECS::DaemonTaskDefinition")


def of_containers(stack: Stack, task: TaskDefinition) -> Iterator[SettingFault]:
    """Faults of what the containers name, in the order of the code."""
    volumes = names_of(Several(tuple(v.name for v in task.volumes), task.volumes.remainder))
    for container in task.containers:
        yield from _mounts(stack, task, container, volumes)
        for dependency in container.depends_on:
            yield from _dependency(stack, task, container, dependency)
        yield from _volumes_from(stack, task, container)
        for file in container.environment_files:
            yield from _file(stack, container, file)
        yield from _configuration(stack, task, container)
        if len(container.environment_files) > 10:
            yield SettingFault(
                container.environment_files.items[10].span,
                f"{title(container)} takes {len(container.environment_files)} environment files",
                "ClientException: The maximum number of environment files was exceeded. Specify "
                "ten or less and try again.",
                "Take ten at most.",
            )


def of_definition(task: TaskDefinition) -> Iterator[SettingFault]:
    """Faults of the containers taken together."""
    yield from _retired(task)
    if task.containers.remainder is not None:
        return
    if not task.containers.items:
        # one that may not exist may have none just where it is not made
        surely = task.conditional is None and not task.implicit
        if surely and isinstance(is_absent(task.not_json), Yes):
            yield SettingFault(
                task.span,
                f"Task definition '{task.address}' has no container",
                "ClientException: Container list cannot be empty.",
                "Define one.",
            )
        return
    if all(_is_false(container.essential) for container in task.containers):
        yield SettingFault(
            task.containers.items[0].essential.span,
            f"Task definition '{task.address}' has no essential container",
            "ClientException: Task definition doesn't have any essential container.",
            "Make one of the containers essential.",
            draft=settings.setting(task.containers.items[0].essential.span, "true"),
        )
    known = [name for c in task.containers if (name := literal(c.name)) is not None]
    for container in task.containers:
        if known.count(literal(container.name) or "") > 1:
            yield SettingFault(
                container.name.span,
                f"Task definition '{task.address}' has two containers named "
                f"'{shown_value(container.name)}'",
                "ClientException: Container names must be unique within a task definition.",
                "Name them apart.",
            )
            break
    yield from _router(task)
    mounted = [m.volume for c in task.containers for m in c.mount_points]
    complete = all(c.mount_points.remainder is None for c in task.containers)
    names = names_of(Several(tuple(mounted)))
    for volume in task.volumes:
        name = literal(volume.name)
        at_launch = isinstance(truth(volume.configured_at_launch), Yes)
        if at_launch and complete and name and names is not None and name not in names:
            yield SettingFault(
                volume.name.span,
                f"Volume '{name}', which the launch configures, is mounted by no container",
                f"ClientException: Volumes [{name}] are not referenced by any of the containers.",
                "Mount it, or leave it out.",
                draft=settings.removing(volume.span),
            )


def _retired(task: TaskDefinition) -> Iterator[SettingFault]:
    accelerators = field(task.raw, "InferenceAccelerators", "InferenceAccelerator")
    if is_given(accelerators):
        yield SettingFault(
            accelerators.span,
            f"Task definition '{task.address}' asks for Elastic Inference, which has ended",
            "ClientException: Unsupported field 'inferenceAccelerators'.",
            "Leave it out.",
        )


def _router(task: TaskDefinition) -> Iterator[SettingFault]:
    """awsfirelens without a container that routes, or the reverse (facts Q2)."""
    drivers = [container.log.driver for container in task.containers]
    known = all(literal(each) or isinstance(is_absent(each), Yes) for each in drivers)
    if known and "awsfirelens" not in map(literal, drivers) and task.type not in _DAEMONS:
        for container in task.containers:
            if isinstance(is_absent(container.firelens_type), No):
                yield SettingFault(
                    container.firelens_type.span,
                    f"{title(container)} is a log router, and no container logs through "
                    "awsfirelens",
                    "ClientException: When a firelensConfiguration object is specified, at least "
                    "one container has to be configured with the awsfirelens log driver.",
                    "Let the containers whose logs it is to route use log driver awsfirelens.",
                )
    if all(isinstance(is_absent(c.firelens_type), Yes) for c in task.containers):
        for container in task.containers:
            if literal(container.log.driver) == "awsfirelens":
                yield SettingFault(
                    container.log.driver.span,
                    f"{title(container)} logs through awsfirelens, and no container is a log "
                    "router",
                    "ClientException: When awsfirelens log driver is specified in log "
                    "configuration, a firelens configuration object must be specified.",
                    "Add a container with a FireLens configuration.",
                )


def _mounts(
    stack: Stack, task: TaskDefinition, container: Container, volumes: frozenset[str] | None
) -> Iterator[SettingFault]:
    for mount in container.mount_points:
        name = literal(mount.volume)
        if volumes is not None and name is not None and name not in volumes:
            yield SettingFault(
                mount.volume.span,
                f"{title(container)} mounts volume '{name}', which the task definition does not "
                "declare",
                f"ClientException: Unknown volume '{name}'.",
                "Declare the volume, or name one that is declared.",
                draft=settings.meaning(
                    stack, task, mount.volume, [each.name for each in task.volumes]
                ),
            )


def _dependency(
    stack: Stack, task: TaskDefinition, container: Container, dependency: Dependency
) -> Iterator[SettingFault]:
    name, condition = literal(dependency.container), literal(dependency.condition)
    others = {literal(other.name): other for other in task.containers}
    if name is None or None in others or task.containers.remainder is not None:
        return
    other = others.get(name)
    if other is None:
        yield SettingFault(
            dependency.container.span,
            f"{title(container)} depends on '{name}', which the task definition does not have",
            f"ClientException: Cannot depend on container {name} because it does not exist.",
            "Name one of the task's containers.",
            draft=settings.meaning(
                stack,
                task,
                dependency.container,
                [each.name for each in task.containers if each is not container],
            ),
        )
    elif condition == "HEALTHY" and isinstance(is_absent(other.health_check), Yes):
        yield SettingFault(
            dependency.condition.span,
            f"{title(container)} waits until '{name}' is healthy, which has no health check",
            "ClientException: A dependency container with HEALTHY condition must have health check "
            "configured.",
            f"Give '{name}' a health check, or wait for START.",
            draft=settings.setting(dependency.condition.span, "START"),
        )
    elif condition in ENDS and not _may_end(other.essential):
        yield SettingFault(
            dependency.condition.span,
            f"{title(container)} waits for the end of '{name}', which is essential",
            "ClientException: A dependency container with SUCCESS or COMPLETE condition cannot be "
            "an essential container.",
            f"Make '{name}' not essential.",
            draft=settings.beside(other.span, "essential", "false")
            if isinstance(is_absent(other.essential), Yes)
            else settings.setting(other.essential.span, "false"),
        )


def _volumes_from(
    stack: Stack, task: TaskDefinition, container: Container
) -> Iterator[SettingFault]:
    names = tuple(other.name for other in task.containers)
    known = names_of(Several(names, task.containers.remainder))
    for source in container.volumes_from:
        name = literal(source)
        if known is not None and name is not None and name not in known:
            yield SettingFault(
                source.span,
                f"{title(container)} takes volumes from '{name}', which the task definition does "
                "not have",
                f"ClientException: Invalid 'volumesFrom' setting. Unknown container: '{name}'.",
                "Name one of the task's containers.",
                draft=settings.meaning(
                    stack, task, source, [name for name in names if name != container.name]
                ),
            )


def _file(stack: Stack, container: Container, file: Value) -> Iterator[SettingFault]:
    what, named = file_fault(file), f"names environment file '{shown_value(file)}'"
    if what is not None:
        yield _no_file(stack, file, f"{title(container)} {named}, which {what}", "FILE.env")
    elif not is_null(file) and (end := pieces.ending(file)) and not end.endswith(".env"):
        yield SettingFault(
            file.span,
            f"{title(container)} {named}, whose name does not end in '.env'",
            "",
            "Give the file a name that ends in '.env'.",
        )


def _configuration(
    stack: Stack, task: TaskDefinition, container: Container
) -> Iterator[SettingFault]:
    """A FireLens configuration in S3, which Fargate does not take at all."""
    config = s3_configuration(container)
    what = None if config is None else file_fault(config)
    if config is None or what is None or isinstance(runs_on_fargate(stack, task), Yes):
        return
    named = f"takes its FireLens configuration from '{shown_value(config)}'"
    yield _no_file(stack, config, f"{title(container)} {named}, which {what}", "FILE")


def _no_file(stack: Stack, file: Value, what: str, example: str) -> SettingFault:
    bucket = f"arn:{literal(stack.target.partition) or 'aws'}:s3:::"
    url = pieces.beginning(file).startswith("s3://")
    return SettingFault(
        file.span,
        what,
        "ClientException: Invalid arn syntax." if is_no_arn(file) else "",
        f"Write arn:aws:s3:::BUCKET/{example}.",
        draft=settings.rewording(file, "s3://", bucket) if url else unwrapping(file.span),
    )


def _is_false(value: Value) -> bool:
    """Essential is what is not said to be anything else."""
    return isinstance(value, Known) and value.value is not None and isinstance(truth(value), No)


def _may_end(essential: Value) -> bool:
    return not isinstance(is_absent(essential), Yes) and not isinstance(truth(essential), Yes)
