"""Small trees of templates, and what is read of them: for the tests of CloudFormation."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from ecs_preflight.adapters.units import Declared, Found, Inputs, Tree
from ecs_preflight.cloudformation import find, unit_from_template
from ecs_preflight.cloudformation.template.discovery import TemplateUnit
from ecs_preflight.cloudformation.template.instance import TemplateInstance
from ecs_preflight.model import Stack
from ecs_preflight.symbolic.source import Boundary
from ecs_preflight.symbolic.terms import Name
from ecs_preflight.symbolic.values import Entries, Items, Known, Value, shown_value
from ecs_preflight.symbolic.worlds import Choice, PathCondition, Scenario, explore


def found(root: Path, files: dict[str, str], inputs: Inputs | None = None) -> Found:
    """What is found in a tree of these files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    below = tuple(sorted(path for path in root.rglob("*") if path.is_file()))
    return find(Tree(Boundary(root.resolve()), below, (root,)), inputs or Inputs())


def stacks(root: Path, files: dict[str, str], inputs: Inputs | None = None) -> dict[str, Stack]:
    """The stacks of a tree in the default world, by their file's name."""
    return {
        Path(unit.name).name: unit.stack(PathCondition())
        for unit in found(root, files, inputs).units
    }


def unit(text: str, file: str = "template.yaml") -> TemplateUnit:
    made = unit_from_template(file, textwrap.dedent(text))
    assert made is not None, "this is no template"
    return made


def instance(text: str, **world: str | bool | None) -> TemplateInstance:
    """The template in the world where these symbols have these values; None is "anything else"."""
    asked = PathCondition()
    unit(text).stack(asked)
    terms = {str(term): term for term in asked.decision_points}
    choices = [
        Choice(terms.get(name, Name(name)), value, other=value is None)
        for name, value in world.items()
    ]
    return unit(text).assembly(PathCondition({each.symbol: each for each in choices})).own


def resource(text: str, name: str = "It", **world: str | bool | None) -> Declared:
    declared = instance(text, **world).resource(name)
    assert declared is not None, f"'{name}' does not exist"
    return declared


def worlds(text: str) -> list[Scenario[Stack]]:
    return list(explore(unit(text).stack))


def plain(value: Value) -> Any:
    """The value as plain data; ``${symbol}`` where something is not known, ``...`` for a rest."""
    if isinstance(value, Known):
        return value.value
    if isinstance(value, Items):
        return [plain(item) for item in value] + ([...] if value.remainder is not None else [])
    if isinstance(value, Entries):
        remainder: dict[Any, Any] = {...: ...} if value.remainder is not None else {}
        return {key: plain(item) for key, item in value.entries} | remainder
    return shown_value(value)
