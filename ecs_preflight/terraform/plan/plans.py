"""Which JSON files are plans, and which directories they were made of."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ...adapters.units import Found, Inputs, Tree
from ...symbolic.faults import island
from ...symbolic.source import Unreadable
from ..configuration.calls import Downloads
from ..configuration.inputs import InputValues
from ..configuration.module import Library, Module, is_configuration
from ..configuration.unit import RootModule
from .plan import Plan, read
from .plan_unit import PlanUnit


def find_plans(tree: Tree, inputs: Inputs, library: Library) -> Found:
    """The plans among the tree's JSON files."""
    units: list[PlanUnit] = []
    broken: list[Unreadable] = []
    for path in tree.files:
        if path.suffix == ".json" and not is_configuration(path.name):
            try:
                unit = island(path, partial(_unit, path, tree, inputs, library), None)
            except Unreadable as fault:
                broken.append(fault)
            else:
                units.extend([unit] if unit else [])
    return Found(tuple(units), tuple(unit.name for unit in units), tuple(broken))


def _unit(path: Path, tree: Tree, inputs: Inputs, library: Library) -> PlanUnit | None:
    plan = read(path, tree.boundary)
    return None if plan is None else PlanUnit(plan, _source(plan, tree, inputs, library))


def _source(plan: Plan, tree: Tree, inputs: Inputs, library: Library) -> RootModule | None:
    """The root module with the very resources and calls that the plan has: beside it, or else the
    one in the tree."""
    if plan.is_state:
        return None  # it does not say what it was made of
    folders = dict.fromkeys(path.parent for path in tree.files if is_configuration(path.name))
    beside = library.module(plan.path.parent)
    if beside is not None and _is_source(beside, plan):
        return _as_planned(beside, plan, inputs, library)
    found = [
        module
        for folder in folders
        if (module := library.module(folder)) and _is_source(module, plan)
    ]
    return _as_planned(found[0], plan, inputs, library) if len(found) == 1 else None


def _is_source(module: Module, plan: Plan) -> bool:
    resources, calls = plan.configuration.get("resources"), plan.configuration.get("module_calls")
    names = (
        {str(block.get("address")) for block in resources if isinstance(block, dict)}
        if isinstance(resources, list)
        else set()
    )
    return names == set(module.resources) and set(calls if isinstance(calls, dict) else ()) == set(
        module.calls
    )


def _as_planned(module: Module, plan: Plan, inputs: Inputs, library: Library) -> RootModule:
    return RootModule(
        module,
        library,
        InputValues(plan.variables),
        inputs,
        downloads=Downloads.of(library, module.folder, inputs.modules),
    )
