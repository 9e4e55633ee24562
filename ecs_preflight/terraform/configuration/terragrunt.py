"""Terragrunt units: a ``terragrunt.hcl`` that deploys a module with its ``inputs``.

Source: the Terragrunt documentation, "Terraform Block" and "Inputs".
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from ...adapters.units import Inputs, Tree
from ...symbolic.budget import OverBudget, of_reading
from ...symbolic.records import replace
from ...symbolic.source import Span, Unreadable, folders, shown
from ...symbolic.values import Unknown, Value, Why
from ..syntax.nodes import SourceFile
from .calls import Downloads, local_folder
from .consumers import StateReader, read_in
from .inputs import InputValues, given
from .module import Library, Module
from .states import DEPENDENCY, State
from .terragrunt_files import FILE_NAME, TerragruntFile
from .unit import RootModule

_CACHE = ".terragrunt-cache"

__all__ = ["FILE_NAME", "readers", "unit"]


def unit(path: Path, inputs: Inputs, library: Library) -> RootModule | None:
    """What the Terragrunt file deploys; None for one that others include, which deploys nothing.
    Raises Unreadable."""
    with of_reading(shown(path.parent)) as budget:
        found = _unit(path, inputs, library)
    place = Span(shown(path), 1, 1, 1, 1)
    cut = tuple(replace(OverBudget(limit).unknown, span=place) for limit in budget.exceeded)
    return replace(found, unread=(*found.unread, *cut)) if found and cut else found


def _unit(path: Path, inputs: Inputs, library: Library) -> RootModule | None:
    file = TerragruntFile.read(path, library)
    written, texts = file.source or (None, ())
    module = _module(texts, file.folder, library) if written else library.module(path.parent)
    if module is None and written is None:
        return None
    if module is None and written is not None:
        module = _cached(texts, file.folder, library)
    written_beside = file.generated.values()
    base = given(library, module.folder if module else path.parent, inputs)
    unit = RootModule(
        (module or Module(path.parent)).with_files(
            each for each in written_beside if isinstance(each, SourceFile)
        ),
        library,
        _given(file, base),
        inputs,
        downloads=Downloads.of(library, path.parent, inputs.modules),
        title=shown(path.parent),
        dependencies=frozenset(_state(each) for each in file.dependencies.values() if each),
        dependent=partial(_of_others, path, library, base),
    )
    unread = [each for each in written_beside if isinstance(each, Unknown)]
    if module is None and written is not None:
        unread.append(
            Unknown(
                f"the module that '{shown(path)}' deploys is not downloaded",
                why=Why.MODULE,
                span=written.span,
            )
        )
    return replace(unit, unread=tuple(unread))


def _given(file: TerragruntFile, base: InputValues) -> InputValues:
    values, remainder = file.inputs
    return replace(base, values={**base.values, **values}, remainder=remainder)


def _of_others(
    path: Path, library: Library, base: InputValues, outputs_of: Callable[[State], Value | None]
) -> InputValues:
    """What the file gives once the outputs of others are known. Raises Unreadable."""
    file = TerragruntFile.read(path, library, lambda folder: outputs_of(_state(folder)))
    return _given(file, base)


def _state(folder: Path) -> State:
    return State(DEPENDENCY, (shown(folder),))


def _module(sources: tuple[str, ...], folder: Path, library: Library) -> Module | None:
    """The first of the sources that is at hand; ``//`` marks the module inside of what is copied
    along."""
    for source in (text.replace("//", "/") for text in sources if "\0" not in text):
        where = (
            Path(os.path.normpath(source)) if source[:1] == "/" else local_folder(folder, source)
        )
        module = library.module(where) if where else None
        if module is not None:
            return module
    return None


def _cached(sources: tuple[str, ...], folder: Path, library: Library) -> Module | None:
    """The module in what Terragrunt has downloaded of the source, if that is but one:
    ``.terragrunt-cache/HASH/HASH``, and the folder after ``//`` in it."""
    inner = {source.partition("?")[0].split("://")[-1].partition("//")[2] for source in sources}
    if len(inner) != 1 or not library.boundary.is_folder(folder / _CACHE):
        return None
    try:
        kept = [path for outer in folders(folder / _CACHE) for path in folders(outer)]
    except OSError:
        return None
    return library.module(kept[0] / inner.pop()) if len(kept) == 1 else None


def readers(tree: Tree, library: Library | None) -> Iterator[StateReader]:
    """The Terragrunt files that read outputs of other units, as their ``dependency`` blocks say."""
    for path in tree.files if library else ():
        outputs = read_in([path], tree.boundary) if path.suffix == ".hcl" else frozenset[str]()
        if outputs and library:
            states = cache(partial(_dependencies, path, library))  # each unit asks each reader
            yield StateReader(shown(path.parent), outputs, states)


def _dependencies(path: Path, library: Library) -> frozenset[State | None]:
    """Which units the file depends on; not known where it leads to none by a plain path."""
    with of_reading(shown(path.parent)):
        try:
            folders = tuple(TerragruntFile.read(path, library).dependencies.values())
        except Unreadable:
            folders = ()
    known = (None if each is None else _state(each) for each in folders)
    return frozenset(known) or frozenset({None})
