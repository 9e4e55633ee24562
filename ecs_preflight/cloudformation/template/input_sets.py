"""The parameter files of a template's environments, each of which one deployment uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from ...adapters.input_files import (
    MAX_SETS,
    InputFiles,
    in_order,
    is_placeholder,
    names_another,
)
from ...adapters.units import DOCUMENT_ENDINGS, Tree
from ...symbolic.faults import island
from ...symbolic.records import dataclass
from ...symbolic.source import Unreadable, shown
from ...symbolic.terms import Name
from ...symbolic.values import Known, Unknown, Value, Why
from .document import may_be_template
from .parameter_files import SAM, ParameterValues, parameter_values
from .template import Template

ENDINGS = (".json", ".yaml", ".yml")
#: A file of more bytes is none of parameters.
LARGEST = 200_000
_NAMED_SO = re.compile(r"param", re.IGNORECASE)
#: Names of templates that say nothing of what they are.
_NAMELESS = frozenset(["template", "main", "stack", "cloudformation", "index", "cfn"])


@dataclass(frozen=True)
class ParameterSet:
    """``name`` is the file's, with the section of it after a ``#``."""

    name: str
    file: str
    parameters: Mapping[str, Value]


class ParameterFiles:
    """The parameter files of a tree and around it, each read once."""

    def __init__(self, tree: Tree) -> None:
        self._tree, self._around = tree, InputFiles(tree)
        self._read: dict[Path, tuple[ParameterValues, ...]] = {}
        self._near: dict[Path, tuple[Path, ...]] = {}

    def near(self, home: Path) -> tuple[Path, ...]:
        """Those that may be of a template in the folder."""
        if home not in self._near:
            found = self._around.near(home, lambda name: name.endswith(ENDINGS) or name in SAM)
            self._near[home] = tuple(
                path
                for path in found
                if (path.parent != home.parent or _NAMED_SO.search(path.name)) and self.read(path)
            )
        return self._near[home]

    def read(self, path: Path) -> tuple[ParameterValues, ...]:
        """What a file holds; nothing where it is none of parameters."""
        if path not in self._read:
            try:
                data = self._tree.boundary.read_bytes(path)
                is_one = len(data) <= LARGEST and not may_be_template(data)
                read = partial(parameter_values, path, self._tree.boundary)
                found = island(path, read, ()) if is_one else ()
            except Unreadable:
                found = ()
            self._read[path] = found
        return self._read[path]

    def templates(self, home: Path) -> tuple[str, ...]:
        """The names of the files in a folder that may be templates."""
        near = {path.name for path in self.near(home) if path.parent == home}
        return tuple(
            name.partition(".")[0]
            for name in self._around.files(home)
            if name.endswith(DOCUMENT_ENDINGS) and name not in near
        )


def parameter_sets(template: Template, files: ParameterFiles) -> tuple[ParameterSet, ...]:
    """The parameters that each file around the template gives it."""
    found: list[ParameterSet] = []
    for path in in_order(files.near(template.path.parent)):
        for values in files.read(path):
            if _is_for(template, files, path, values):
                name = f"{shown(path)}#{values.section}" if values.section else shown(path)
                found.append(ParameterSet(name, shown(path), dict(_meant(template, values))))
    return tuple(found[:MAX_SETS])


def _is_for(template: Template, files: ParameterFiles, path: Path, values: ParameterValues) -> bool:
    """CloudFormation takes no parameter that the template does not declare, and wants all that have
    no default; the latter a tool may add where the file plainly speaks of the template."""
    given, declared = values.parameters, template.parameters
    if not given.keys() & declared.keys():
        return False
    if values.template is not None:
        return values.template == template.path
    home = template.path.parent
    place = (*path.relative_to(home if path.is_relative_to(home) else home.parent).parts,)
    place = (*place, values.section)
    stem = template.path.name.partition(".")[0]
    own = home.name if stem in _NAMELESS else stem
    others = [name for name in files.templates(home) if name != stem]
    is_named = names_another(place, "", [own])
    return (
        given.keys() <= declared.keys()
        and not names_another(place, own, others)
        and all(
            not declared[name].allowed or value in declared[name].allowed
            for name, value in given.items()
            if not is_placeholder(value)
        )
        and (
            is_named or all(p.default is not None or name in given for name, p in declared.items())
        )
    )


def _meant(template: Template, values: ParameterValues) -> Iterator[tuple[str, Value]]:
    for name, value in values.parameters.items():
        if name not in template.parameters:
            continue
        if is_placeholder(value):
            reason = f"parameter '{name}' is left to be filled in"
            yield name, Unknown(reason, Name(name), Why.INPUT)
        else:
            yield name, Known(value)


def is_deployed_alone(template: Template, sets: tuple[ParameterSet, ...]) -> bool:
    """Is the template deployed with none of the files? Not when each of them gives what has no
    default, or an empty one."""
    always = frozenset[str].intersection(*(frozenset(each.parameters) for each in sets))
    return all(template.parameters[name].default for name in always)
