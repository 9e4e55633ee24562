"""What RegisterTaskDefinition refuses of the entries of a task definition's lists: what lacks its
name or image, stands there twice, or is of two kinds.

An entry whose keys are not all known, or which may not be there, says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..adapters.documents import json_value
from ..adapters.fields import field
from ..findings.finding import Severity
from ..findings.fixing import settings
from ..model import Container, Language, Secret, Stack, TaskDefinition, Volume
from ..symbolic.answers import Yes, is_absent, truth
from ..symbolic.values import Entries, Items, Value, literal, shown_value
from .settings import CLIENT, SettingFault, is_given, setting, title

_OF_A_VARIABLE = ("name", "value", "valuefrom")


def of_entries(stack: Stack, task: TaskDefinition) -> Iterator[SettingFault]:
    """Everything that an entry lacks, or has in common with another one."""
    yield from _not_a_list(stack, task)
    for container in task.containers:
        if not task.implicit:
            yield from _unnamed(stack, task, container)
        yield from _variables(stack, container)
        yield from _secrets(stack, container)
    for volume in task.volumes:
        yield from _of_two_kinds(volume)


def _not_a_list(stack: Stack, task: TaskDefinition) -> Iterator[SettingFault]:
    """A whole task definition in the place of its containers."""
    written = field(task.raw, "ContainerDefinitions")
    if stack.language is Language.TERRAFORM and isinstance(json_value(written), Entries):
        yield SettingFault(
            written.span,
            f"Task definition '{task.address}' gives container_definitions as an object, where a "
            "list is expected",
            "ECS Task Definition container_definitions is invalid: Error decoding JSON: json: "
            "cannot unmarshal object into Go value of type []awstypes.ContainerDefinition",
            "Write the list alone: what stands under containerDefinitions in a whole task "
            "definition.",
        )


def _unnamed(stack: Stack, task: TaskDefinition, container: Container) -> Iterator[SettingFault]:
    """An empty text is a place for another one, which a tool fills in."""
    if _is_left_out(container, "name"):
        yield SettingFault(
            container.span,
            f"A container of task definition '{task.address}' has no name",
            f"{CLIENT}Container.name should not be null or empty.",
            "Name it.",
        )
    # What deploys a file of a task definition may fill the image in.
    in_file = stack.language is Language.TASK_FILE
    if not in_file and _is_left_out(container, "image"):
        yield SettingFault(
            container.span,
            f"{title(container)} has no image",
            f"{CLIENT}Container.image should not be null or empty.",
            "Name the image.",
        )


def _is_left_out(container: Container, key: str) -> bool:
    return isinstance(is_absent(setting(container, key)), Yes)


def _variables(stack: Stack, container: Container) -> Iterator[SettingFault]:
    listed = setting(container, "environment")
    for item in listed.items if isinstance(listed, Items) else ():
        if not isinstance(item, Entries):
            continue
        if not isinstance(is_absent(item.get_folded("name")), Yes):
            continue
        others = [each for each in item.entries if each[0].casefold() not in _OF_A_VARIABLE]
        if is_given(item.get_folded("value")):
            yield SettingFault(
                item.span,
                f"{title(container)} sets an environment variable without a name",
                f"{CLIENT}Environment variable name cannot be null or blank.",
                "Name it.",
            )
        elif others and isinstance(is_absent(field(item, "valueFrom")), Yes):
            key, written = others[0]
            dropped = stack.language is Language.TERRAFORM
            yield SettingFault(
                written.span,
                f"{title(container)} sets '{key}' in its environment, where an entry has a name "
                "and a value, and so it is " + ("dropped" if dropped else "refused"),
                "",
                f"Give the entry the name '{key}', and a value.",
                Severity.WARNING if dropped else Severity.ERROR,
            )


def _secrets(stack: Stack, container: Container) -> Iterator[SettingFault]:
    variables = {name: v for v in container.environment if (name := _as_written(v.name))}
    # In a template an entry may be one side of a condition, which has two.
    is_plain = stack.language is not Language.CLOUDFORMATION
    seen: dict[str, Secret] = {}
    for secret in container.secrets:
        name = _as_written(secret.name)
        if not name:
            continue
        if name in variables:
            yield SettingFault(
                secret.name.span,
                f"{title(container)} has '{name}' among its secrets and in its environment",
                f"{CLIENT}The secret name must be unique and not shared with any new or existing "
                f"environment variables set on the container, such as '{name}'.",
                "Leave it out of the environment.",
                draft=settings.removing(variables[name].span) if is_plain else None,
            )
        if name in seen:
            same = seen[name].value_from == secret.value_from
            yield SettingFault(
                secret.name.span,
                f"{title(container)} has two secrets named '{name}'",
                f"{CLIENT}Duplicate secret names found: {name}. Each secret name must be unique.",
                "Name them apart, or leave one of them out.",
                draft=settings.removing(secret.span) if same and is_plain else None,
            )
        seen[name] = secret


def _as_written(name: Value) -> str | None:
    """The name, where it stands there itself and is not brought from elsewhere."""
    text, span = literal(name) or "", name.span
    width = span.end_column - span.column if span.line == span.end_line else 0
    return text if text and len(text) <= width <= len(text) + 2 * len(r"\"") else None


def _of_two_kinds(volume: Volume) -> Iterator[SettingFault]:
    kinds: list[tuple[str, Value]] = [
        (name, each)
        for name, each in (("a path of the host", volume.host_path), ("Docker", volume.docker))
        if is_given(each)
    ]
    written = (("EFS", volume.efs), ("FSx", volume.fsx), ("S3 Files", volume.s3_files))
    names = [*(name for name, _ in kinds), *(name for name, each in written if each is not None)]
    if isinstance(truth(volume.configured_at_launch), Yes):
        names.append("the launch's configuration")
    if len(names) > 1:
        yield SettingFault(
            kinds[0][1].span if kinds else volume.span,
            f"Volume '{shown_value(volume.name)}' is of more than one kind: {', '.join(names)}",
            f"{CLIENT}When the volume parameter is specified, only one volume configuration type "
            "should be used.",
            "Leave it with one of them.",
        )
