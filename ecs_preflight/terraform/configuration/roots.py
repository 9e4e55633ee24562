"""Which directories are deployed: root modules, and reusable modules that nobody calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from ...adapters.input_files import InputFiles
from ...adapters.units import Found, Inputs, Tree
from ...symbolic.budget import of_reading
from ...symbolic.depth import deeply
from ...symbolic.faults import island
from ...symbolic.records import replace
from ...symbolic.source import Unreadable, entries, real, shown
from . import consumers, states, terragrunt
from .calls import Downloads, called, called_by
from .input_sets import input_sets
from .inputs import given
from .module import Library, Module, is_configuration, source_files
from .unit import RootModule


def find_modules(tree: Tree, inputs: Inputs, library: Library) -> Found:
    """The root modules at and below the given paths.

    A directory that another one calls is judged there, in its caller's context. One that nobody
    calls is a root if it has a provider, a backend or variable values, what it calls configures a
    provider, or another reads its state; else it is judged as a module whose caller may pass
    anything.
    """
    wrapped, broken = _wrapped(tree, inputs, library)
    around = InputFiles(tree)
    folders = sorted({path.parent for path in tree.files if is_configuration(path.name)})
    modules = [module for folder in folders if (module := library.module(folder))]
    deployed = {unit.module.folder for unit in wrapped}
    units = (
        *wrapped,
        *(
            _unit(module, inputs, library, around)
            for module in _uncalled(modules, library)
            if module.folder not in deployed
        ),
    )
    read = {module.folder: module for module in modules}
    for unit in units:
        read.setdefault(unit.module.folder, unit.module)
        read.update((each.folder, each) for each in called(unit.module, library))
    units = tuple(_among(units, read, tree))
    broken += [fault for module in read.values() for fault in module.broken]
    broken += [fault for unit in units for fault in unit.given.broken]
    return Found(
        units,
        (
            *source_files(read.values()),
            *_unique(
                path for unit in units for given in (unit.given, *unit.sets) for path in given.files
            ),
        ),
        _distinct(broken),
        tuple(comment for module in read.values() for comment in module.comments),
    )


def _among(
    units: Iterable[RootModule], read: dict[Path, Module], tree: Tree
) -> Iterator[RootModule]:
    """The units, each with who of the others may add to what it makes."""
    units = tuple(units)
    asked: frozenset[states.State | None] = frozenset()
    if any(unit.reusable for unit in units):
        asked = asked.union(*(island(u.module.folder, u.reads, asked) for u in units))
    outputs = {f: consumers.outputs_read(module, tree.boundary) for f, module in read.items()}
    named_in = {folder: dict(consumers.roles_named(module)) for folder, module in read.items()}
    roles = {folder: found for folder, found in named_in.items() if found}
    folders = {
        unit.name: {unit.module.folder, *(m.folder for m in called(unit.module, unit.library))}
        for unit in units
    }
    readers = [
        *terragrunt.readers(tree, units[0].library if units else None),
        *(
            consumers.StateReader(unit.name, names, unit.reads)
            for unit in units
            if (names := frozenset().union(*(outputs[folder] for folder in folders[unit.name])))
        ),
    ]
    for unit in units:
        own = unit.name
        named = {
            name: span
            for folder, found in roles.items()
            if folder not in folders[own]
            for name, span in found.items()
        }
        others = tuple(reader for reader in readers if reader.name != own)
        reusable = unit.reusable and asked.isdisjoint(states.states_of_root(unit.module))
        yield replace(unit, consumers=consumers.Consumers(others, named), reusable=reusable)


def _wrapped(
    tree: Tree, inputs: Inputs, library: Library
) -> tuple[list[RootModule], list[Unreadable]]:
    """The modules that Terragrunt deploys, and its files that cannot be read."""
    units: list[RootModule] = []
    broken: list[Unreadable] = []
    for path in tree.files:
        if path.name == terragrunt.FILE_NAME:
            read = partial(terragrunt.unit, path, inputs, library)
            try:
                unit = island(path, partial(deeply, read), None)
            except Unreadable as fault:
                broken.append(fault)
            else:
                units.extend([unit] if unit else [])
    return units, broken


def _unit(module: Module, inputs: Inputs, library: Library, around: InputFiles) -> RootModule:
    with of_reading(shown(module.folder)):
        values = given(library, module.folder, inputs)
        is_root = _is_root(module, library)
        sets = input_sets(module, is_root, values, inputs, library, around)
    return RootModule(
        module,
        library,
        values,
        inputs,
        reusable=not is_root and not sets,
        downloads=Downloads.of(library, module.folder, inputs.modules),
        sets=sets,
        backends=tuple(states.backend_files(module, library, around))
        if states.is_partial(module)
        else (),
    )


def _is_root(module: Module, library: Library) -> bool:
    """Does somebody deploy this directory as it is?"""
    settings = {nested.type for block in module.settings for nested in block.body.blocks}
    return bool(
        module.providers
        or settings & {"backend", "cloud"}
        or _has_values(module.folder)
        or any(map(_configures_provider, called(module, library)))
    )


def _configures_provider(module: Module) -> bool:
    """Does the module say itself where it is deployed? ``provider "aws" {}``, and one with an alias
    alone, stand for what the caller passes (Terraform language docs, Providers Within Modules)."""
    return any(
        block.body.blocks or {each.name for each in block.body.attributes} - {"alias", "version"}
        for block in module.providers.values()
    )


def _has_values(folder: Path) -> bool:
    try:
        return any(entry.name.endswith((".tfvars", ".tfvars.json")) for entry in entries(folder))
    except OSError:
        return False


def _uncalled(modules: list[Module], library: Library) -> list[Module]:
    """The modules that no other one leads to; of those that call each other in a circle, the
    first."""
    leads_to = {
        real(each.folder)
        for caller in modules
        for each in called_by(caller, library)
        if each.folder != caller.folder
    }
    roots = [module for module in modules if real(module.folder) not in leads_to]
    reached = {each.folder for root in roots for each in (root, *called(root, library))}
    for module in modules:
        if module.folder not in reached:
            roots.append(module)
            reached.update(each.folder for each in (module, *called(module, library)))
    return roots


def _unique(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(paths))


def _distinct(faults: Iterable[Unreadable]) -> tuple[Unreadable, ...]:
    return tuple({(fault.path, fault.span): fault for fault in faults}.values())
