"""Terraform and OpenTofu configurations and plans, read into stacks."""

from __future__ import annotations

from ..adapters.units import Found, Inputs, Tree
from .configuration.module import Library
from .configuration.roots import find_modules
from .plan.plans import find_plans


def find(tree: Tree, inputs: Inputs) -> Found:
    """The root modules, modules judged alone and plans in ``tree``. Nothing they say raises."""
    library = Library(tree.boundary, inputs.modules.values())
    modules, plans = find_modules(tree, inputs, library), find_plans(tree, inputs, library)
    return Found(
        (*modules.units, *plans.units),
        (*modules.files, *plans.files),
        (*modules.unreadable, *plans.unreadable),
        modules.comments,
    )
