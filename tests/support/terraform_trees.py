"""Small trees of Terraform files, and what is read of them: for the tests of the module
language."""

from __future__ import annotations

from pathlib import Path

from ecs_preflight.adapters.units import Declared, Found, Inputs, Tree
from ecs_preflight.symbolic.depth import deeply
from ecs_preflight.symbolic.source import Boundary
from ecs_preflight.symbolic.values import Value
from ecs_preflight.symbolic.worlds import PathCondition
from ecs_preflight.terraform import find
from ecs_preflight.terraform.configuration.unit import Contents, RootModule, evaluated

PROVIDER = 'provider "aws" { region = "eu-west-1" }\n'


def found(root: Path, files: dict[str, str], inputs: Inputs | None = None, *given: str) -> Found:
    """What is found below ``given`` (default: everything) in a tree of these files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    paths = [root / name for name in given] or [root]
    below = sorted(
        path
        for path in root.rglob("*")
        if path.is_file()
        and ".terraform" not in path.parts
        and any(path == start or start in path.parents for start in paths)
    )
    return find(Tree(Boundary(root.resolve()), tuple(below), tuple(paths)), inputs or Inputs())


def contents(
    root: Path,
    files: dict[str, str],
    inputs: Inputs | None = None,
    path_condition: PathCondition | None = None,
    folder: str = ".",
) -> Contents:
    """The one unit of the files, or that in ``folder``, evaluated."""
    units = [unit for unit in found(root, files, inputs).units if isinstance(unit, RootModule)]
    chosen = [unit for unit in units if unit.module.folder == root / folder] or units
    return deeply(lambda: evaluated(chosen[0], path_condition or PathCondition()))


def by_address(all_of: Contents) -> dict[str, Declared]:
    return {resource.address: resource for resource in all_of.declared}


def role(name: str) -> str:
    return f'\nresource "aws_iam_role" "r" {{\n  name = {name}\n}}\n'


def name_of(all_of: Contents, address: str = "aws_iam_role.r") -> Value:
    return by_address(all_of)[address].body.get("name")
