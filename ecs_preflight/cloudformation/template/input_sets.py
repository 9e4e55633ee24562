"""The parameter files of a template's environments, each of which one deployment uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from ...adapters.input_files import (
    MAX_SETS,
    InputFiles,
    Words,
    in_order,
    place,
    runs,
    words,
)
from ...adapters.units import DOCUMENT_ENDINGS, Tree
from ...symbolic.faults import island
from ...symbolic.patterns import regex
from ...symbolic.placeholders import is_placeholder
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
_NAMED_SO = regex(r"param", re.IGNORECASE)
#: Names of templates that say nothing of what they are.
_NAMELESS = frozenset(["template", "main", "stack", "cloudformation", "index", "cfn"])


@dataclass(frozen=True)
class ParameterSet:
    """``name`` is the file's, with the section of it after a ``#``."""

    name: str
    file: str
    parameters: Mapping[str, Value]


@dataclass(frozen=True)
class Candidate:
    """What a file gives, the names that its path may speak of, and whether that ``is_taken``: a
    template beside the one at hand is called so."""

    path: Path
    values: ParameterValues
    named: frozenset[Words]
    is_taken: bool


class ParameterFiles:
    """The parameter files of a tree and around it, each read once."""

    def __init__(self, tree: Tree) -> None:
        self._tree, self._around = tree, InputFiles(tree)
        self._read: dict[Path, tuple[ParameterValues, ...]] = {}
        self._near: dict[Path, tuple[Path, ...]] = {}
        self._candidates: dict[Path, tuple[Candidate, ...]] = {}

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

    def candidates(self, home: Path) -> tuple[Candidate, ...]:
        """What the files hold that may be of a template in the folder, production first."""
        if home not in self._candidates:
            near = self.near(home)
            templates = frozenset(
                words(name.partition(".")[0])
                for name in self._around.files(home)
                if name.endswith(DOCUMENT_ENDINGS) and home / name not in near
            )
            found = []
            for path in in_order(near):
                for values in self.read(path):
                    named = runs((*place(home, path), values.section))
                    found.append(Candidate(path, values, named, not named.isdisjoint(templates)))
            self._candidates[home] = tuple(found)
        return self._candidates[home]


def parameter_sets(template: Template, files: ParameterFiles) -> tuple[ParameterSet, ...]:
    """The parameters that each file around the template gives it."""
    home, stem = template.path.parent, template.path.name.partition(".")[0]
    own = words(home.name if stem in _NAMELESS else stem)
    found: list[ParameterSet] = []
    for candidate in files.candidates(home):
        path, values = candidate.path, candidate.values
        is_named = own in candidate.named
        if (is_named or not candidate.is_taken) and _is_for(template, values, is_named):
            name = f"{shown(path)}#{values.section}" if values.section else shown(path)
            found.append(ParameterSet(name, shown(path), dict(_meant(template, values))))
            if len(found) == MAX_SETS:
                break
    return tuple(found)


def _is_for(template: Template, values: ParameterValues, is_named: bool) -> bool:
    """CloudFormation takes no parameter that the template does not declare, and wants all that have
    no default; the latter a tool may add where the file plainly speaks of the template."""
    given, declared = values.parameters, template.parameters
    if values.template is not None:
        return values.template == template.path and not given.keys().isdisjoint(declared)
    return (
        bool(given)
        and given.keys() <= declared.keys()
        and (is_named or all(p.default is not None or n in given for n, p in declared.items()))
        and all(
            not declared[name].allowed or value in declared[name].allowed
            for name, value in given.items()
            if not is_placeholder(value)
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
