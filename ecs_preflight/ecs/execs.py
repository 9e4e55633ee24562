"""Where ECS Exec is, or may be, enabled."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Container, Launch, Stack, TaskDefinition
from ..symbolic.answers import Answer, No, Yes, is_absent, truth
from ..symbolic.records import dataclass
from ..symbolic.values import Unknown, Value, first, literal

#: Conditions of a dependency that are met by a container's end.
ENDS = ("SUCCESS", "COMPLETE")


@dataclass(frozen=True)
class ExecUse:
    """A launch with Exec, and the task definition it starts. ``doubt`` is None when Exec is surely
    on, else why it may be off. ``task_role`` is the role the session agent will have."""

    launch: Launch
    task: TaskDefinition
    task_role: Value
    doubt: Unknown | None = None


def exec_uses(stack: Stack) -> Iterator[ExecUse]:
    """Every launch of a task definition of the stack that has, or may have, Exec enabled."""
    for launch in stack.launches:
        enabled, task = truth(launch.exec_enabled), stack.task_of(launch)
        if task is None or isinstance(enabled, No):
            continue
        override = launch.task_role_override
        role = task.task_role if isinstance(is_absent(override), Yes) else override
        yield ExecUse(launch, task, role, enabled if isinstance(enabled, Unknown) else None)


@dataclass(frozen=True)
class ExecTask:
    """A task definition that something launches with Exec. ``doubt`` is None when one of its
    ``uses`` surely has Exec on."""

    task: TaskDefinition
    uses: tuple[ExecUse, ...]

    @property
    def doubt(self) -> Unknown | None:
        """Why it is not certain that Exec is used; None where one launch turns it on for
        certain."""
        doubts = [use.doubt for use in self.uses]
        return None if None in doubts else doubts[0]


def exec_tasks(stack: Stack) -> tuple[ExecTask, ...]:
    """The task definitions among exec_uses, each once."""
    found: dict[str, list[ExecUse]] = {}
    for use in exec_uses(stack):
        found.setdefault(use.task.address, []).append(use)
    return tuple(ExecTask(uses[0].task, tuple(uses)) for uses in found.values())


def lasting(task: TaskDefinition) -> tuple[Container, ...]:
    """The containers that keep running: not those on whose end another one waits."""
    awaited = {
        literal(dependency.container)
        for container in task.containers
        for dependency in container.depends_on
        if literal(dependency.condition) in ENDS
    }
    return tuple(c for c in task.containers if literal(c.name) not in awaited)


def may_end(task: TaskDefinition, container: Container) -> Unknown | None:
    """Why another container may wait for this one's end; None when none does."""
    for dependency in (d for other in task.containers for d in other.depends_on):
        name, condition = literal(dependency.container), literal(dependency.condition)
        if name in (None, literal(container.name)) and (condition is None or condition in ENDS):
            return Unknown("another container may wait for its end")
    return first(*(other.depends_on.remainder for other in task.containers))


def windows(task: TaskDefinition) -> Answer:
    """Does the task run Windows containers? Linux is what ECS takes where nothing is said."""
    system = literal(task.operating_system)
    if system is not None:
        return Yes() if system.startswith("WINDOWS") else No()
    return (
        No()
        if isinstance(is_absent(task.operating_system), Yes)
        else Unknown("the operating system is not known", span=task.operating_system.span)
    )
