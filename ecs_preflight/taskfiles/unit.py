"""A task definition file as a deployment unit: what is registered, and what deploys it as what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath

from ..adapters import launches, reading, tasks
from ..adapters.fields import field as field_of
from ..adapters.fields import is_null
from ..adapters.units import Declared, Surroundings
from ..model import Language, Launch, Launcher, Network, Several, Stack, Target, TaskDefinition
from ..symbolic.arns import ANY_TARGET, PARTITION
from ..symbolic.documents.nodes import MappingNode
from ..symbolic.records import dataclass, field, replace
from ..symbolic.source import shown
from ..symbolic.values import (
    ABSENT,
    Entries,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    literal,
)
from ..symbolic.worlds import PathCondition
from .reading import value_of
from .workflows import DeployStep

TASK_DEFINITION, SERVICE = "task definition", "service"
_READERS = {TASK_DEFINITION: tasks.task_definition, SERVICE: launches.service}


@dataclass(frozen=True)
class ServiceFile:
    """A service definition that a file holds; ``name`` and ``cluster`` are what ecspresso's
    configuration says of it, where one names the file."""

    path: Path
    body: MappingNode
    name: Value = ABSENT
    cluster: Value = ABSENT


@dataclass(frozen=True)
class TaskFileUnit:
    """Implements units.Unit. ``deployments`` are what workflows say of the file, ``services`` the
    definitions that run it; ``region`` is where ecspresso deploys it to."""

    path: Path
    body: MappingNode
    services: tuple[ServiceFile, ...] = ()
    deployments: tuple[DeployStep, ...] = ()
    region: Value = ABSENT
    files: tuple[str, ...] = ()
    reusable: bool = field(default=False, init=False)

    @property
    def name(self) -> str:
        """The file's path, as reports print it."""
        return shown(self.path)

    @cached_property
    def content(self) -> Entries:
        """The task definition's keys and values."""
        found = value_of(self.body, self.name)
        assert isinstance(found, Entries)
        return found

    @property
    def family(self) -> Value:
        """The family that the file is registered as."""
        return field_of(self.content, "family")

    @property
    def apart(self) -> None:
        """It is joined with whatever holds what it names."""

    def stack(self, path_condition: PathCondition) -> Stack:
        """A file has but one world."""
        target = self._target()
        address = literal(self.family) or PurePosixPath(self.name).name
        declared = [
            Declared(address, TASK_DEFINITION, self.content, self.content.span, target),
            *self._declared_services(target),
        ]
        read = reading.read(_READERS, declared, Surroundings(), path_condition)
        own = [
            self._registered(r)
            if isinstance(r, TaskDefinition)
            else replace(r, task_definition=Reference(address, "arn"))
            if isinstance(r, Launch)
            else r
            for r in read
        ]
        return Stack(
            self.name,
            Language.TASK_FILE,
            target,
            (*own, *self._launches(address, target)),
            self.files or (self.name,),
        )

    def _declared_services(self, target: Target) -> Iterator[Declared]:
        for each in self.services:
            file = shown(each.path)
            body = value_of(each.body, file)
            assert isinstance(body, Entries)
            said = (("serviceName", each.name), ("cluster", each.cluster))
            more = tuple(
                (key, value)
                for key, value in said
                if not is_null(value) and is_null(field_of(body, key))
            )
            body = replace(body, entries=(*body.entries, *more))
            name = literal(field_of(body, "serviceName")) or PurePosixPath(file).name
            yield Declared(name, SERVICE, body, body.span, target)

    def _registered(self, task: TaskDefinition) -> TaskDefinition:
        """With the roles that the command names which registers it."""
        for each in self.deployments:
            if not is_null(each.task_role):
                task = replace(task, task_role=each.task_role)
            if not is_null(each.execution_role):
                task = replace(task, execution_role=each.execution_role)
        return task

    def _launches(self, address: str, target: Target) -> Iterator[Launch]:
        """What the workflows launch: a service once, though several steps speak of it."""
        found: dict[tuple[object, ...], Launch] = {}
        for number, each in enumerate(self.deployments):
            launch = self._launch(each, address, target)
            key = (
                (launch.name, launch.cluster)
                if each.launcher is Launcher.SERVICE and literal(launch.name)
                else (number,)
            )
            known = found.get(key)
            if known is not None and isinstance(known.exec_enabled, Unknown):
                launch = replace(known, exec_enabled=launch.exec_enabled)
            elif known is not None:
                launch = known
            found[key] = launch
        yield from found.values()

    def _launch(self, each: DeployStep, address: str, target: Target) -> Launch:
        outside = Unknown(
            "the service stands elsewhere" if each.launcher else "nothing launches it in sight",
            why=Why.OUTSIDE,
            span=each.span,
        )
        ours = each.launcher is Launcher.RUN_TASK
        return Launch(
            address=f"{PurePosixPath(each.span.file).name}:{literal(each.service) or each.step}",
            type="workflow step",
            span=each.span,
            target=target,
            launcher=each.launcher or Launcher.REGISTRATION,
            name=each.service,
            task_definition=Reference(address, "arn", span=each.span),
            cluster=each.cluster,
            exec_enabled=each.exec_enabled if each.launcher else ABSENT,
            launch_type=each.launch_type if ours or not is_null(each.launch_type) else outside,
            platform_version=ABSENT if ours else outside,
            network=Network(
                Several((), outside), Several((), outside), outside, each.span, outside
            ),
            propagates_tags=outside,
            has_load_balancer=outside,
            balancers=Several((), outside),
            volumes=Several((), outside),
            has_registry=outside,
            deployer=each.deployer,
            **launches.overridden(each.overrides),
        )

    # -- where it is deployed to -------------------------------------------------------------------

    def _target(self) -> Target:
        """The account is that of the roles, the Region that of the workflow, or the one of all logs
        and images."""
        roles = [field_of(self.content, name) for name in ("taskRoleArn", "executionRoleArn")]
        parts = [found for value in roles if (found := _arn_parts(value))]
        accounts = {found[2] for found in parts}
        partitions = {found[0] for found in parts if isinstance(found[0], Known)}
        return Target(
            partitions.pop() if len(partitions) == 1 else PARTITION,
            self._region(),
            accounts.pop() if len(accounts) == 1 else ANY_TARGET.account,
        )

    def _region(self) -> Value:
        said = {each.region for each in self.deployments if literal(each.region)}
        said |= {self.region} if literal(self.region) else set()
        if len(said) == 1:
            return said.pop()
        logs, others = set(), set()
        for span_value in _texts(self.content):
            text = literal(span_value[1])
            if span_value[0] == "awslogs-region" and text:
                logs.add(span_value[1])
            elif span_value[0] == "image" and text and ".dkr.ecr." in text:
                others.add(text.split(".dkr.ecr.")[1].split(".")[0])
        if len(logs) == 1:
            region = logs.pop()
            if others <= {literal(region)}:
                return region
        return ANY_TARGET.region


def _arn_parts(value: Value) -> tuple[Value, Value, Value] | None:
    """Partition, Region and account of an ARN, where each is one literal or one hole."""
    value = expanded(value)
    parts = value.parts if isinstance(value, Text) else (literal(value) or "",)
    fields: list[list[Value]] = [[]]
    for part in parts:
        if not isinstance(part, str):
            fields[-1].append(part)
            continue
        for number, piece in enumerate(part.split(":")):
            if number:
                fields.append([])
            if piece:
                fields[-1].append(Known(piece))
    if len(fields) < 6 or fields[0] != [Known("arn")]:
        return None
    chosen = [
        found[0] if len(found) == 1 else ABSENT for found in (fields[1], fields[3], fields[4])
    ]
    return (chosen[0], chosen[1], chosen[2]) if chosen[2] != ABSENT else None


def _texts(value: Value, key: str = "") -> Iterator[tuple[str, Value]]:
    """The texts in a value, each with the key it stands under."""
    if isinstance(value, Entries):
        for name, item in value.entries:
            yield from _texts(item, name)
    elif hasattr(value, "items") and not isinstance(value, (Known, Text, Reference, Unknown)):
        for item in value.items:
            yield from _texts(item, key)
    else:
        yield key, value
