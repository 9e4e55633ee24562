"""Files of inputs with which nothing is judged: they are of no root or template of which the place
and the names say so, are examples, or too many, or the user has named others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..adapters.units import Inputs, Tree
from ..symbolic.patterns import regex
from ..symbolic.source import Unreadable, shown
from .left_out import Exclusion, LeftOut

_VARIABLES = (".tfvars", ".tfvars.json")
#: A list of parameters as the AWS CLI takes it, or a file of CodePipeline's or of Git sync.
_PARAMETERS = regex(rb'"ParameterKey"\s*:')
_SECTION = regex(rb'"?[Pp]arameters"?\s*:')
_TEMPLATE = regex(rb'"?(?:Resources|AWSTemplateFormatVersion)"?\s*:')
_NAMED_SO = regex(r"param", re.IGNORECASE)
#: Files of deploying tools that hold parameters, beside the templates.
_OF_TOOLS = ("samconfig.toml", "samconfig.yaml", ".taskcat.yml")
#: A file of more bytes is none of parameters.
_LARGEST = 200_000


def unused_inputs(tree: Tree, read: frozenset[str], inputs: Inputs) -> Iterator[LeftOut]:
    """The files of inputs in the tree that are neither among those ``read`` nor given."""
    used = read.union(map(shown, (*inputs.var_files, *inputs.parameters)))
    for path in (*tree.files, *_of_tools(tree, read)):
        if shown(path) not in used and _holds_inputs(tree, path):
            yield LeftOut(Exclusion.INPUTS, shown(path))


def _holds_inputs(tree: Tree, path: Path) -> bool:
    if path.name.endswith(_VARIABLES) or path.name in _OF_TOOLS:
        return True
    if path.suffix not in (".json", ".yaml", ".yml"):
        return False
    by_name = _NAMED_SO.search("/".join(path.parts[-2:])) is not None
    if not by_name and path.suffix != ".json":
        return False
    try:
        text = tree.boundary.read_bytes(path)[:_LARGEST]
    except Unreadable:
        return False
    if path.suffix == ".json" and text.lstrip().startswith(b"[") and _PARAMETERS.search(text):
        return True
    return by_name and _SECTION.search(text) is not None and not _TEMPLATE.search(text)


def _of_tools(tree: Tree, read: frozenset[str]) -> Iterator[Path]:
    """Such files beside templates or above them, which a tree does not list."""
    folders = {
        folder
        for path in tree.files
        if shown(path) in read and path.suffix in (".yaml", ".yml", ".json", ".template")
        for folder in (path.parent, path.parent.parent)
    }
    for folder in sorted(folders):
        for name in _OF_TOOLS:
            if folder / name not in tree.files and tree.boundary.is_file(folder / name):
                yield folder / name
