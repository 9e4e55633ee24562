"""The secrets and parameters that a task definition names."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Resource, Secret, Stack, TaskDefinition
from ..symbolic.records import dataclass
from ..symbolic.source import Span
from ..symbolic.values import Unknown, Value, expanded, join, shown_value
from .arn_forms import misshapen
from .log_sources import sources_of
from .secret_references import SecretReference, Store, reference


@dataclass(frozen=True)
class SecretUse:
    """One reference of a task: ``named`` is what a message calls it ("'DB' of container 'app'"),
    ``owner`` the resource it is written in: the task definition, or the service of a proxy."""

    owner: Resource
    task: TaskDefinition
    named: Value
    target: SecretReference | Unknown
    value: Value

    @property
    def title(self) -> str:
        """As a message names it."""
        return shown_value(self.named)

    @property
    def span(self) -> Span:
        """Where the reference is written."""
        return self.value.span


def secret_uses(stack: Stack, task: TaskDefinition) -> tuple[SecretUse, ...]:
    """Every item of ``secrets`` and ``secretOptions`` in the task, in order."""
    return stack.asked(_secret_uses, task)


def _secret_uses(stack: Stack, task: TaskDefinition) -> tuple[SecretUse, ...]:
    return tuple(_uses(stack, task))


def _uses(stack: Stack, task: TaskDefinition) -> Iterator[SecretUse]:
    for container in task.containers:
        named = join("container '", container.name, "'")
        for secret in (*container.secrets, *container.log.secret_options):
            yield _use(stack, task, task, secret, named)
    for proxy in (source for source in sources_of(stack, task) if source.is_proxy):
        for secret in proxy.log.secret_options:
            yield _use(stack, proxy.owner, task, secret, proxy.named)


def _use(
    stack: Stack, owner: Resource, task: TaskDefinition, secret: Secret, whose: Value
) -> SecretUse:
    named = join("'", secret.name, "' of ", whose)
    return SecretUse(owner, task, named, reference(stack, secret.value_from), secret.value_from)


def distinct_uses(stack: Stack, store: Store) -> Iterator[tuple[SecretUse, SecretReference]]:
    """Of every task, the first use of each secret or parameter of that store; not of what can be
    the reference of none."""
    for task in stack.task_definitions:
        seen = set()
        for use in secret_uses(stack, task):
            if misshapen(use.value) is not None:
                continue
            if isinstance(use.target, SecretReference) and use.target.store is store:
                name = shown_value(expanded(use.target.arn))
                if name not in seen:
                    seen.add(name)
                    yield use, use.target


def unclear_uses(stack: Stack) -> Iterator[tuple[SecretUse, Unknown]]:
    """Every reference of which not even the store is known, of the tasks that are judged."""
    for task in stack.own_tasks:
        for use in secret_uses(stack, task):
            if isinstance(use.target, Unknown):
                yield use, use.target
