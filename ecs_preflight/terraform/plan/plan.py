"""A plan as JSON (``terraform show -json PLAN``): what it says of resources, in Declared form.

Source: the Terraform documentation, "JSON Output Format": planned values, prior state (data sources
read already), ``after_unknown`` and the configuration's expressions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...symbolic.records import dataclass, field
from ...symbolic.source import Boundary, Span, Unreadable, letters, shown
from ...symbolic.values import Entries, Items, Known, Unknown, Value, Why

#: Modules nested deeper than this in a plan are not read.
MAX_DEPTH = 64

Json = Any


@dataclass(frozen=True)
class Planned:
    """One resource or data source instance of a plan.

    ``configured`` is its address without any index, ``key`` its own index (None without one),
    ``values`` what is known of it and ``unknown`` what is not (``after_unknown``).
    """

    address: str
    module: str
    configured: str
    key: int | str | None
    type: str
    is_data: bool
    values: Mapping[str, Json]
    unknown: Mapping[str, Json]


@dataclass(frozen=True)
class Plan:
    """``resources`` by address, in the plan's order; ``configuration`` is the root module's;
    ``outputs`` are those whose value is known."""

    path: Path
    resources: Mapping[str, Planned]
    configuration: Mapping[str, Json]
    providers: Mapping[str, Json]
    variables: Mapping[str, Value]
    secrets: tuple[Value, ...] = ()
    is_state: bool = False
    outputs: Mapping[str, Value] = field(default_factory=dict)

    @property
    def span(self) -> Span:
        """The plan's first line, for what has no other place."""
        return Span(shown(self.path), 1, 1, 1, 1)


def is_plan(data: bytes) -> bool:
    """May these bytes be a plan, or a state? Cheap, and never wrong for one that is."""
    return b'"format_version"' in data and (b'"planned_values"' in data or _is_state(data))


def _is_state(data: bytes) -> bool:
    return b'"terraform_version"' in data and b'"root_module"' in data and b'"values"' in data


def read(path: Path, boundary: Boundary) -> Plan | None:
    """The plan in a file; None when it holds something else, or cannot be opened. Raises Unreadable
    for a file that says it is a plan but is no JSON."""
    try:
        data = boundary.read_bytes(path)
    except Unreadable:
        return None
    if not is_plan(letters(data)):
        return None
    try:
        content = json.loads(data)  # in UTF-16 too, as PowerShell writes what a command prints
    except (ValueError, RecursionError) as error:
        raise Unreadable(shown(path), "is not valid JSON") from error
    if not isinstance(content, dict):
        return None
    # What 'terraform show -json' prints of a state says under "values" what a plan plans.
    is_state = "planned_values" not in content
    planned_values = content.get("values" if is_state else "planned_values")
    if not isinstance(planned_values, dict) or (is_state and "terraform_version" not in content):
        return None
    span = Span(shown(path), 1, 1, 1, 1)
    unknown = {
        change["address"]: _mapping(_mapping(change.get("change")).get("after_unknown"))
        for change in _listed(content.get("resource_changes"))
        if isinstance(change.get("address"), str)
    }
    state = _mapping(_mapping(content.get("prior_state")).get("values"))
    outputs = {
        name: value(_mapping(output).get("value"), span)
        for name, output in _mapping(planned_values.get("outputs")).items()
        if _mapping(output).get("value") is not None
    }
    found = [
        planned
        for values in (
            _mapping(state).get("root_module"),
            planned_values.get("root_module"),
        )
        for planned in _below(_mapping(values), unknown, 0)
    ]
    configuration = _mapping(content.get("configuration"))
    still = {
        planned.address
        for planned in _below(_mapping(planned_values.get("root_module")), unknown, 0)
    }
    return Plan(
        path,
        {p.address: p for p in found if p.is_data or p.address in still},
        _mapping(configuration.get("root_module")),
        _mapping(configuration.get("provider_config")),
        {
            name: value(_mapping(variable).get("value"), span)
            for name, variable in _mapping(content.get("variables")).items()
        },
        tuple(value(secret, span) for secret in _secrets(content)),
        is_state,
        outputs,
    )


def _secrets(content: Mapping[str, Json]) -> Iterator[Json]:
    """What the plan marks as sensitive: variables, outputs, and values of resources."""
    root = _mapping(_mapping(content.get("configuration")).get("root_module"))
    variables, outputs = _mapping(content.get("variables")), _mapping(root.get("outputs"))
    for name, declared in _mapping(root.get("variables")).items():
        if _mapping(declared).get("sensitive") is True:
            yield _mapping(variables.get(name)).get("value")
    values = content.get("planned_values", content.get("values"))
    planned = _mapping(_mapping(values).get("outputs"))
    for name, output in planned.items():
        marks = (_mapping(output), _mapping(outputs.get(name)))
        if any(mark.get("sensitive") is True for mark in marks):
            yield _mapping(output).get("value")
    for change in _listed(content.get("resource_changes")):
        for when in ("before", "after"):
            made = _mapping(change.get("change"))
            yield from _marked(made.get(when), made.get(f"{when}_sensitive"), 0)
    # A state has no changes, and says it beside each resource's values.
    state = _mapping(content.get("prior_state")).get("values")
    for held in (values, state):
        yield from _marked_below(_mapping(_mapping(held).get("root_module")), 0)


def _marked_below(module: Mapping[str, Json], depth: int) -> Iterator[Json]:
    for resource in _listed(module.get("resources")):
        yield from _marked(resource.get("values"), resource.get("sensitive_values"), 0)
    if depth < MAX_DEPTH:
        for child in _listed(module.get("child_modules")):
            yield from _marked_below(child, depth + 1)


def _marked(content: Json, marks: Json, depth: int) -> Iterator[Json]:
    """The values whose mark is ``true``."""
    if marks is True:
        yield content
    elif depth < MAX_DEPTH and isinstance(marks, dict) and isinstance(content, dict):
        for key, mark in marks.items():
            yield from _marked(content.get(key), mark, depth + 1)
    elif depth < MAX_DEPTH and isinstance(marks, list) and isinstance(content, list):
        for item, mark in zip(content, marks, strict=False):
            yield from _marked(item, mark, depth + 1)


def _below(
    module: Mapping[str, Json], unknown: Mapping[str, Mapping[str, Json]], depth: int
) -> Iterator[Planned]:
    """The resources of a module and of those below it."""
    prefix = str(module.get("address") or "")
    for resource in _listed(module.get("resources")):
        if isinstance(resource.get("address"), str) and isinstance(resource.get("type"), str):
            is_data = resource.get("mode") == "data"
            own = f"{resource['type']}.{resource.get('name')}"
            yield Planned(
                resource["address"],
                prefix,
                f"data.{own}" if is_data else own,
                resource.get("index"),
                resource["type"],
                is_data,
                _mapping(resource.get("values")),
                unknown.get(resource["address"], {}),
            )
    if depth < MAX_DEPTH:
        for child in _listed(module.get("child_modules")):
            yield from _below(child, unknown, depth + 1)


def value(content: Json, span: Span) -> Value:
    """A JSON value as a Value that stands at ``span``."""
    if isinstance(content, Mapping):
        return Entries(tuple((key, value(item, span)) for key, item in content.items()), span=span)
    if isinstance(content, list):
        return Items(tuple(value(item, span) for item in content), span=span)
    if content is None or isinstance(content, (bool, int, float, str)):
        return Known(content, span)
    return Unknown("it is no JSON value", why=Why.FUNCTION, span=span)


def _mapping(content: Json) -> Mapping[str, Json]:
    return content if isinstance(content, dict) else {}


def _listed(content: Json) -> list[Mapping[str, Json]]:
    return [item for item in content if isinstance(item, dict)] if isinstance(content, list) else []
