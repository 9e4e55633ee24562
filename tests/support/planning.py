"""Plans of modules, as Terraform makes them: what providers compute is unknown, all else known."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from ecs_preflight.symbolic.records import fields, is_dataclass
from ecs_preflight.symbolic.terms import scalar_text
from ecs_preflight.symbolic.values import (
    Entries,
    Items,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    expanded,
    literal,
)
from ecs_preflight.symbolic.worlds import PathCondition
from ecs_preflight.terraform.configuration import providers
from ecs_preflight.terraform.configuration.callsite import AbsentModule
from ecs_preflight.terraform.configuration.evaluation import Evaluation
from ecs_preflight.terraform.configuration.inputs import RootArguments
from ecs_preflight.terraform.configuration.instance import ModuleInstance
from ecs_preflight.terraform.configuration.module import Module
from ecs_preflight.terraform.configuration.unit import RootModule
from ecs_preflight.terraform.syntax.nodes import (
    Block,
    Body,
    Expression,
    GetAttr,
    Identifier,
    IndexAccess,
    Literal,
    Splat,
    SplatItem,
)

#: Attributes that a plan knows of a resource that is still to be created, since they are arguments.
ARGUMENTS = {"name", "family", "bucket", "key", "path", "policy", "secret_string", "value"}
DEPLOYED = {
    "region": "eu-west-1",
    "account": "123456789012",
    "partition": "aws",
    "dns_suffix": "amazonaws.com",
}
_UNKNOWN = object()


class NotPlannable(Exception):
    """Terraform would ask for a value, or refuse."""


def planned(unit: RootModule) -> dict[str, Any]:
    """The plan of a root module, as ``terraform show -json`` prints it."""
    evaluation = Evaluation(
        unit.library, PathCondition(), unit.module.folder, unit.downloads, "default"
    )
    root = ModuleInstance(evaluation, unit.module, RootArguments(unit.given))
    changes: list[dict[str, Any]] = []
    variables = {
        name: {"value": _plain(root.scope.attribute(Reference("var", ""), name, block.span))}
        for name, block in unit.module.variables.items()
    }
    if any(variable["value"] is _UNKNOWN for variable in variables.values()):
        raise NotPlannable
    state: list[dict[str, Any]] = []
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": _module(root, changes, state)},
        "resource_changes": changes,
        "variables": variables,
        "prior_state": {"values": {"root_module": {"resources": state}}},
        "configuration": {
            "provider_config": {
                key.removesuffix(".None"): {"name": "aws", "expressions": _expressions(block.body)}
                for key, block in unit.module.providers.items()
            },
            "root_module": _configured(unit.module, evaluation),
        },
    }


def _module(
    instance: ModuleInstance, changes: list[dict[str, Any]], state: list[dict[str, Any]]
) -> dict[str, Any]:
    resources = []
    for name in instance.module.resources:
        for resource in instance.resources(name):
            if resource.conditional is not None:
                raise NotPlannable
            declared = resource.declared()
            values, unknown = _split(_plain(declared.body))
            suffix = declared.address.removeprefix(instance.prefix + name)
            one = {
                "address": declared.address,
                "mode": "data" if declared.is_data else "managed",
                "type": declared.type,
                "name": resource.block.labels[1],
                "values": values,
                **({"index": json.loads(suffix[1:-1])} if suffix else {}),
            }
            if declared.type == "aws_caller_identity":
                state.append({**one, "values": {"account_id": DEPLOYED["account"]}})
                continue
            resources.append(one)
            changes.append(
                {
                    "address": declared.address,
                    "change": {
                        "after_unknown": {
                            **(unknown if isinstance(unknown, dict) else {}),
                            "arn": True,
                            "id": True,
                        }
                    },
                }
            )
    children = []
    for name in instance.module.calls:
        for child in instance.children(name):
            if isinstance(child, AbsentModule):
                raise NotPlannable
            children.append({"address": child.address, **_module(child, changes, state)})
    return {"resources": resources, "child_modules": children}


def _plain(value: Value) -> Any:
    """A value as JSON, with _UNKNOWN where a plan does not know it."""
    if isinstance(value, Entries):
        return (
            _UNKNOWN
            if value.remainder is not None
            else {k: _plain(item) for k, item in value.entries}
        )
    if isinstance(value, Items):
        return _UNKNOWN if value.remainder is not None else [_plain(item) for item in value.items]
    if isinstance(value, Known):
        return value.value
    if isinstance(value, Text) and value.encodes is not None:
        document = value.encodes
        inner = _plain(document) if isinstance(document, (Entries, Items)) else _UNKNOWN
        return _UNKNOWN if _has_unknown(inner) else json.dumps(inner)
    if isinstance(value, Text):
        pieces = [part if isinstance(part, str) else _plain(part) for part in value.parts]
        return _UNKNOWN if _UNKNOWN in pieces else "".join(scalar_text(p) for p in pieces)
    if isinstance(value, Reference):
        known = literal(value) if value.attribute in ARGUMENTS else None
        return _UNKNOWN if known is None else known
    assert isinstance(value, Unknown) or expanded(value) is not value
    return DEPLOYED.get(str(getattr(value, "symbol", "")), _UNKNOWN)


def _has_unknown(plain: Any) -> bool:
    if isinstance(plain, dict):
        return any(map(_has_unknown, plain.values()))
    return any(map(_has_unknown, plain)) if isinstance(plain, list) else plain is _UNKNOWN


def _split(plain: Any) -> tuple[Any, Any]:
    """What is known, and ``after_unknown``."""
    if plain is _UNKNOWN:
        return None, True
    if isinstance(plain, dict):
        parts = {key: _split(item) for key, item in plain.items()}
        return (
            {key: known for key, (known, mark) in parts.items() if mark is not True},
            {key: mark for key, (_, mark) in parts.items() if mark},
        )
    if isinstance(plain, list):
        pairs = [_split(item) for item in plain]
        marks = [mark for _, mark in pairs]
        return [known for known, _ in pairs], marks if any(marks) else []
    return plain, False


# -- the configuration -----------------------------------------------------------------------------


def _configured(
    module: Module, evaluation: Evaluation, handed: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """``handed`` are the root's providers by the names that the module knows them by."""
    calls: dict[str, Any] = {}
    for name, block in module.calls.items():
        child = evaluation.library.module((module.folder / _source(block)).resolve())
        if child is None:
            raise NotPlannable
        calls[name] = {
            "expressions": _expressions(block.body),
            "module": _configured(child, evaluation, _handed(block, child, handed)),
        }
    return {
        "resources": [
            {
                "address": address,
                "provider_config_key": handed.get(_provider(block), _provider(block)),
                "expressions": _expressions(block.body),
            }
            for address, block in module.resources.items()
        ],
        "module_calls": calls,
        "outputs": {
            name: {"expression": _expression(written.value)}
            for name, block in module.outputs.items()
            if (written := block.body.attribute("value"))
        },
    }


def _handed(call: Block, child: Module, outer: Mapping[str, str]) -> dict[str, str]:
    """The root's providers by the names that the called module knows them by."""
    written = call.body.attribute("providers")
    found = {}
    for key in {"aws", *map(_provider, child.resources.values())}:
        given = providers.passed(written.value, key) if written else None
        name = providers.configuration_key(given) if given else key
        found[key] = outer.get(name or key, name or key)
    return found


def _source(block: Block) -> str:
    source = block.body.attribute("source")
    assert source is not None and isinstance(source.value, Literal)
    return str(source.value.value)


def _provider(block: Block) -> str:
    written = block.body.attribute("provider")
    if written is not None and isinstance(written.value, GetAttr):
        return f"aws.{written.value.name}"
    return "aws"


def _expressions(body: Body) -> dict[str, Any]:
    found: dict[str, Any] = {
        a.name: _expression(a.value)
        for a in body.attributes
        if a.name not in ("count", "for_each", "provider", "depends_on", "source")
    }
    for block in body.blocks:
        if block.type not in ("lifecycle", "dynamic"):
            found.setdefault(block.type, []).append(_expressions(block.body))
        elif block.type == "dynamic":
            found.setdefault(block.labels[0], [])
    return found


def _expression(expression: Expression) -> dict[str, Any]:
    if isinstance(expression, Literal):
        return {"constant_value": expression.value}
    references = list(_references(expression))
    return {"references": references} if references else {}


def _references(expression: Any) -> Iterator[str]:
    """Every traversal in an expression, the whole first and then what it begins with."""
    path = _traversal(expression)
    if path is not None:
        steps = path.split(".")
        least = 3 if steps[0] == "data" else 2
        yield from (".".join(steps[:length]) for length in range(len(steps), least - 1, -1))
    elif isinstance(expression, tuple):
        for item in expression:
            yield from _references(item)
    elif is_dataclass(expression):
        for each in fields(expression):
            yield from _references(getattr(expression, each.name))


def _traversal(expression: Any) -> str | None:
    if isinstance(expression, Identifier):
        return None
    if isinstance(expression, GetAttr):
        inner = (
            expression.object.name
            if isinstance(expression.object, Identifier)
            else _traversal(expression.object)
        )
        return f"{inner}.{expression.name}" if inner else None
    if isinstance(expression, IndexAccess) and isinstance(expression.key, Literal):
        inner = _traversal(expression.object)
        return f"{inner}[{json.dumps(expression.key.value)}]" if inner else None
    if isinstance(expression, (Splat, SplatItem)):
        return None
    return None
