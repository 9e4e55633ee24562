"""Terraform and OpenTofu configurations and plans, read into stacks."""

from __future__ import annotations

from ..adapters.units import Found, Inputs, Tree


def find(tree: Tree, inputs: Inputs) -> Found:
    """The root modules, modules judged alone and plans in ``tree``. Nothing they say raises."""
    from . import front_end  # where it is used: who parses a single file loads the syntax alone

    return front_end.find(tree, inputs)
