"""The variable files of a root's environments: those that Terraform does not load by itself, each
of which is named by the command of one deployment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ...adapters.input_files import (
    MAX_SETS,
    InputFiles,
    environments,
    in_order,
    is_shared,
)
from ...adapters.units import Inputs
from ...symbolic.placeholders import is_placeholder
from ...symbolic.records import replace
from ...symbolic.source import Unreadable, shown
from ...symbolic.terms import Name, Term
from ...symbolic.values import Entries, Items, Known, Unknown, Value, Why
from ..syntax.nodes import Literal, Object, Tuple
from .inputs import InputValues, read_variables, variable_files
from .module import Library, Module, is_configuration

ENDINGS = (".tfvars", ".tfvars.json")


def input_sets(
    module: Module,
    is_root: bool,
    base: InputValues,
    inputs: Inputs,
    library: Library,
    around: InputFiles,
) -> tuple[InputValues, ...]:
    """What each variable file around the module gives it, those for all environments beneath the
    others. The last of its files is the one that it is named after. None where the user names
    variable files himself. What stands elsewhere than in the folder of a module that is no root may
    be meant for somebody who calls it."""
    if inputs.var_files:
        return ()
    found = {
        path: values
        for path, values in _own(module, base, library, around)
        if is_root or path.is_relative_to(module.folder)
    }
    shared = {path: values for path, values in found.items() if is_shared(path)}
    if len(shared) == len(found):
        shared = {}
    chosen = in_order(path for path in found if path not in shared)
    if inputs.workspace is not None:
        chosen = [path for path in chosen if _is_of(path, inputs.workspace)] or chosen
    beneath: dict[str, Value] = {}
    for values in shared.values():
        beneath.update(values)
    return tuple(
        replace(
            base,
            values={**base.values, **beneath, **found[path]},
            files=(*base.files, *map(shown, shared), shown(path)),
        )
        for path in chosen[:MAX_SETS]
    )


def _is_of(path: Path, workspace: str) -> bool:
    named = environments((workspace,))
    place = (path.parent.name, path.stem)
    return workspace in place or bool(named & environments(place))


def _own(
    module: Module, base: InputValues, library: Library, around: InputFiles
) -> Iterator[tuple[Path, dict[str, Value]]]:
    home = module.folder
    loaded = variable_files(home)
    for path in around.near(home, lambda name: name.endswith(ENDINGS), is_configuration):
        if path in loaded:
            continue
        try:
            values = read_variables(library, path, library.boundary)
        except Unreadable:
            continue
        if _is_for(module, base, path, values):
            yield (
                path,
                {
                    name: as_meant(value, Name(f"var.{name}"))
                    for name, value in values.items()
                    if name in module.variables
                },
            )


def _is_for(module: Module, base: InputValues, path: Path, values: Mapping[str, Value]) -> bool:
    """Does the root declare all that the file sets? Terraform only warns of what it does not: where
    the file stands beside it, or above, it is enough to set what has no value otherwise."""
    if values.keys() <= module.variables.keys():
        return bool(values)
    return path.parent in (module.folder, module.folder.parent) and any(
        name in values and name not in base.values and block.body.attribute("default") is None
        for name, block in module.variables.items()
    )


def as_meant(value: Value, symbol: Term) -> Value:
    """The value, unknown where it is a placeholder which somebody has to fill in."""
    if isinstance(value, Known) and isinstance(value.value, str) and is_placeholder(value.value):
        return Unknown(f"'{symbol}' is left to be filled in", symbol, Why.INPUT, span=value.span)
    if isinstance(value, Items):
        items = (
            as_meant(item, Name(f"{symbol}[{index}]")) for index, item in enumerate(value.items)
        )
        return replace(value, items=tuple(items))
    if isinstance(value, Entries):
        entries = ((key, as_meant(each, Name(f"{symbol}.{key}"))) for key, each in value.entries)
        return replace(value, entries=tuple(entries))
    return value


def is_deployed_alone(module: Module, base: InputValues, sets: tuple[InputValues, ...]) -> bool:
    """Is the root deployed with none of the files? Not when each of them sets what has no value
    otherwise, or an empty one."""
    always = frozenset[str].intersection(*(frozenset(each.values) for each in sets))
    return all(
        name in base.values or _has_default(module, name) for name in always & set(module.variables)
    )


def _has_default(module: Module, name: str) -> bool:
    default = module.variables[name].body.attribute("default")
    if default is None:
        return False
    written = default.value
    if isinstance(written, Literal):
        return written.value not in (None, "")
    return not isinstance(written, (Tuple, Object)) or bool(written.items)
