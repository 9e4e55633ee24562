"""Step Functions state machines: the states that run ECS tasks (``ecs:runTask``)."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Launch, Launcher, Resource, RoleUser, ServiceRole
from ..symbolic.patterns import regex
from ..symbolic.records import replace
from ..symbolic.values import (
    ABSENT,
    Entries,
    Items,
    Known,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
    join,
)
from .documents import json_value
from .fields import base, block, field, is_null
from .launches import has_tags, joined, overridden, service_role, started, volume_roles
from .units import Declared

#: The same call by the SDK: a state's resource and a universal target's ARN end in it.
RUN_TASK_BY_SDK = "aws-sdk:ecs:runTask"
#: How deep states may nest in Parallel and Map states; real ones stay below five.
MAX_DEPTH = 32
_PLACEHOLDER = regex(r"\$\{([A-Za-z0-9_]+)\}")


def state_machine(declared: Declared) -> Iterator[Resource]:
    """``aws_sfn_state_machine``, ``AWS::StepFunctions::StateMachine`` (and SAM's)."""
    body = declared.body
    role = field(body, "RoleArn", "Role")
    if not is_null(role):
        yield RoleUser(**base(declared), role=role, service="states.amazonaws.com")
    definition = json_value(field(body, "Definition", "DefinitionString"))
    substitutions = block(field(body, "DefinitionSubstitutions"))
    if isinstance(substitutions, (Entries, Unknown)):
        definition = _substituted(definition, substitutions)
    for state in _run_task_states(definition, MAX_DEPTH):
        yield _launch(declared, state, role)


def _substituted(value: Value, substitutions: Entries | Unknown) -> Value:
    """The definition with each ``${key}`` replaced (``DefinitionSubstitutions``)."""
    if isinstance(value, Entries):
        return replace(
            value,
            entries=tuple((key, _substituted(item, substitutions)) for key, item in value.entries),
        )
    if isinstance(value, Items):
        return replace(value, items=tuple(_substituted(item, substitutions) for item in value))
    if isinstance(value, Known) and isinstance(value.value, str):
        pieces = _PLACEHOLDER.split(value.value)
        if len(pieces) > 1:
            parts = [
                _substitute(piece, substitutions) if i % 2 else piece
                for i, piece in enumerate(pieces)
            ]
            return replace(join(*parts), span=value.span)
    return value


def _substitute(key: str, substitutions: Entries | Unknown) -> Value | str:
    if isinstance(substitutions, Unknown):
        return substitutions
    found = substitutions.get(key)
    return f"${{{key}}}" if is_null(found) else found


def _run_task_states(machine: Value, depth: int) -> Iterator[Entries]:
    states = field(machine, "States")
    if not isinstance(states, Entries) or depth == 0:
        return
    for _, state in states.entries:
        if not isinstance(state, Entries):
            continue
        if _integration(state).split(".")[0] in ("ecs:runTask", RUN_TASK_BY_SDK):
            yield state
        branches = field(state, "Branches")
        nested = [
            *(branches if isinstance(branches, Items) else ()),
            field(state, "Iterator"),
            field(state, "ItemProcessor"),
        ]
        for machine_within in nested:
            yield from _run_task_states(machine_within, depth - 1)


def _integration(state: Entries) -> str:
    """What a state calls, and how: ``ecs:runTask``, also with ``.sync`` or ``.waitForTaskToken``,
    out of ``arn:PARTITION:states:::ecs:runTask.sync``; "" where it is not known."""
    value = expanded(field(state, "Resource"))
    last = value.parts[-1] if isinstance(value, Text) else getattr(value, "value", None)
    return last.rsplit(":::", 1)[-1] if isinstance(last, str) else ""


def _launch(declared: Declared, state: Entries, role: Value) -> Launch:
    parameters = field(state, "Parameters", "Arguments")
    dynamic = _resolved(parameters) if isinstance(parameters, Entries) else parameters
    return Launch(
        **{**base(declared), "span": state.span},
        **started(dynamic),
        launcher=Launcher.STATE_MACHINE,
        exec_enabled=field(dynamic, "EnableExecuteCommand"),
        sets_tags=has_tags(field(dynamic, "Tags")),
        launcher_role=role,
        source=field(declared.body, "StateMachineName", "Name"),
        **overridden(field(dynamic, "Overrides")),
        service_roles=joined(service_role(ServiceRole.STATE_MACHINE, role), volume_roles(dynamic)),
        awaited=field(state, "Resource") if _integration(state).endswith(".sync") else ABSENT,
    )


def _resolved(value: Value) -> Value:
    """Parameters with what only the execution's input decides made Unknown: keys that end in ``.$``
    (JSONPath) and strings ``{% ... %}`` (JSONata)."""
    if isinstance(value, Entries):
        return Entries(
            tuple(
                (
                    key.removesuffix(".$"),
                    _at_run_time(item) if key.endswith(".$") else _resolved(item),
                )
                for key, item in value.entries
            ),
            value.remainder,
            value.span,
        )
    if isinstance(value, Items):
        return Items(tuple(_resolved(item) for item in value), value.remainder, value.span)
    opening = value.parts[0] if isinstance(value, Text) else getattr(value, "value", None)
    is_jsonata = isinstance(opening, str) and opening.startswith("{%")
    return _at_run_time(value) if is_jsonata else value


def _at_run_time(value: Value) -> Unknown:
    return Unknown("the state machine's input decides it", why=Why.APPLY, span=value.span)
