"""Memory, CPU and storage of containers against those of their task, whatever the launch type."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings.fixing import settings as fixing
from ..model import Container, TaskDefinition, lists
from ..symbolic.answers import No, Yes, is_absent
from ..symbolic.values import Known, Value, shown_value
from .fargate_settings import units
from .settings import CLIENT, SettingFault, number, setting, title


def of_sizes(task: TaskDefinition) -> Iterator[SettingFault]:
    """Sizes that RegisterTaskDefinition refuses."""
    if task.implicit:
        return
    memory = units(task.memory, "gb")
    for container in task.containers:
        yield from _memory(task, container, memory)
    cpus = [number(setting(container, "cpu")) or 0 for container in task.containers]
    total = units(task.cpu, "vcpu")
    if total is not None and sum(cpus) > total:
        span = next(
            setting(c, "cpu").span for c, cpu in zip(task.containers, cpus, strict=True) if cpu
        )
        yield SettingFault(
            span,
            f"The containers of task definition '{task.address}' take {sum(cpus)} CPU units, and "
            f"the task has {total}",
            f"{CLIENT}The sum of all container 'cpu' values cannot be greater than the value of "
            "the task 'cpu'.",
            "Give the task more, or the containers less.",
        )
    if (
        isinstance(is_absent(task.ephemeral_storage), No)
        and not isinstance(is_absent(task.compatibilities), Yes)
        and all(
            isinstance(lists(task.compatibilities, name), No)
            for name in ("FARGATE", "MANAGED_INSTANCES")
        )
    ):
        yield SettingFault(
            task.ephemeral_storage.span,
            f"Task definition '{task.address}' sets ephemeral storage, which tasks on EC2 do not "
            "have",
            f"{CLIENT}Tasks using the EC2 launch type do not support EphemeralStorage.",
            "Leave it out.",
            draft=fixing.removing_whole(task.ephemeral_storage.span),
        )


def _memory(
    task: TaskDefinition, container: Container, of_task: int | None
) -> Iterator[SettingFault]:
    hard, soft = setting(container, "memory"), setting(container, "memoryReservation")
    most, least = number(hard), number(soft)
    if most is not None and of_task is not None and most > of_task:
        yield SettingFault(
            hard.span,
            f"{title(container)} takes {most} MiB of memory, and its task has {of_task}",
            f"{CLIENT}The 'memory' setting for container '{shown_value(container.name)}' is "
            "greater than for the task.",
            "Give the task more, or the container less.",
            draft=fixing.setting(hard.span, str(of_task)),
        )
    if most is not None and least is not None and least > most:
        yield SettingFault(
            soft.span,
            f"{title(container)} reserves {least} MiB of memory, and may take {most}",
            f"{CLIENT}Invalid setting for container. 'memory' must be greater than or equal to "
            "'memoryReservation'.",
            "Reserve no more than it may take.",
            draft=fixing.setting(soft.span, str(most)),
        )
    unset = _nothing(hard) and _nothing(soft) and isinstance(is_absent(task.memory), Yes)
    elsewhere = ("FARGATE", "MANAGED_INSTANCES")
    if unset and not any(isinstance(lists(task.compatibilities, n), Yes) for n in elsewhere):
        yield SettingFault(
            container.span,
            f"{title(container)} says no memory, nor does its task",
            f"{CLIENT}Invalid setting for container. At least one of 'memory' or "
            "'memoryReservation' must be specified.",
            "Give the container memory, or a reservation of it.",
        )


def _nothing(value: Value) -> bool:
    return isinstance(is_absent(value), Yes) or value == Known("")
