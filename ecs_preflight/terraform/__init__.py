"""Terraform and OpenTofu configurations and plans, read into stacks."""

from __future__ import annotations

from ..units import Found, Inputs, Tree
from .module import Library
from .roots import find_modules


def find(tree: Tree, inputs: Inputs) -> Found:
    """The root modules and modules judged alone in ``tree``. Never raises for what the code says."""
    return find_modules(tree, inputs, Library(tree.boundary))
