"""The units of a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..adapters.units import Found, Inputs, Tree, Unit
from ..symbolic.records import replace
from .configuration.calls import called
from .configuration.consumers import Consumers
from .configuration.module import Library
from .configuration.roots import find_modules
from .configuration.unit import RootModule


def find(tree: Tree, inputs: Inputs) -> Found:
    """The root modules, modules judged alone and plans in ``tree``. Nothing they say raises."""
    library = Library(tree.boundary, inputs.modules.values())
    modules = find_modules(tree, inputs, library)
    plans = _plans(tree, inputs, library, modules.units)
    other = _as_terraform(tree, inputs, library)
    return Found(
        (*modules.units, *other.units, *plans.units),
        tuple(dict.fromkeys((*modules.files, *other.files, *plans.files))),
        tuple(dict.fromkeys((*modules.unreadable, *other.unreadable, *plans.unreadable))),
        tuple(dict.fromkeys((*modules.comments, *other.comments))),
    )


def _plans(tree: Tree, inputs: Inputs, library: Library, roots: Iterable[Unit]) -> Found:
    """The plans of the tree, beside the roots of its code."""
    if not any(path.suffix == ".json" for path in tree.files):
        return Found()
    from .plan.plans import find_plans  # where it is used: many trees hold no JSON

    found = find_plans(tree, inputs, library)
    return replace(found, units=tuple(_among(found.units, roots))) if found.units else found


def _among(plans: Iterable[Unit], roots: Iterable[Unit]) -> Iterator[Unit]:
    """The plans, each with who of the roots may add to what it makes, as its own root has it."""
    from .plan.plan_unit import PlanUnit

    code = [unit for unit in roots if isinstance(unit, RootModule)]
    everybody = Consumers.of(unit.consumers for unit in code)
    for plan in plans:
        source = plan.source if isinstance(plan, PlanUnit) else None
        own = next((u for u in code if source and u.module.folder == source.module.folder), None)
        if not isinstance(plan, PlanUnit):
            yield plan
        elif source is None:
            yield replace(plan, consumers=everybody)
        else:
            consumers = own.consumers if own else everybody
            yield replace(plan, source=replace(source, consumers=consumers))


def _as_terraform(tree: Tree, inputs: Inputs, library: Library) -> Found:
    """The modules once more where Terraform reads other files than OpenTofu: an empty ``main.tofu``
    hides ``main.tf`` from one of them alone."""
    if not library.divided:
        return Found()
    other = library.of_terraform()
    found = find_modules(tree, inputs, other)
    units = tuple(
        unit
        for unit in found.units
        if isinstance(unit, RootModule) and library.divided.intersection(_folders(unit))
    )
    return replace(found, units=units)


def _folders(unit: RootModule) -> Iterator[object]:
    yield unit.module.folder
    yield from (module.folder for module in called(unit.module, unit.library))
