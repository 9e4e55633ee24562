"""Which template of the scan has an output or a stored parameter that others read, and which read
it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import suppress
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from ...adapters.units import Declared
from ...symbolic.budget import OverBudget, of_reading
from ...symbolic.documents.nodes import Node, mapping
from ...symbolic.documents.reading import children
from ...symbolic.strings import may_match
from ...symbolic.values import Unknown, Value, Why
from ...symbolic.worlds import PathCondition
from ..language.scope import call_of, value_of
from . import stored_parameters
from .catalogue import Catalogue
from .handles import Handle, exactly, is_open, named, stack_in
from .instance import TemplateInstance
from .made_of import made_of
from .template import Template

#: So many exporters of one name are compared.
MAX_COMPARED = 8


class Import(NamedTuple):
    """A name that a template reads, as the exporter has it, and what stands in the hole of that:
    two with the same there are one stack's."""

    handle: Handle
    stack: Hashable


class Exports:
    """Names as they are in each template's default world."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._made: dict[tuple[Template, str], Hashable | None] = {}
        self._exporters: dict[tuple[Handle, Template], tuple[Template, ...]] = {}

    def exporters(self, handle: Handle, importer: Template) -> tuple[Template, ...]:
        """The templates that may have the output, for the importer: those that have all else that
        it reads of the same stack; of these the nearest, for a folder may be the copy of a whole
        application. A name with a hole says less: it is enough only where all that have it are
        copies of one file, or make the same of it."""
        if (handle, importer) not in self._exporters:
            self._exporters[handle, importer] = self._sought(handle, importer)
        return self._exporters[handle, importer]

    def _sought(self, handle: Handle, importer: Template) -> tuple[Template, ...]:
        known = self.canonical(handle)
        exported = self._exported.get(known, {})
        candidates = tuple(each for each in exported if each is not importer)
        if len(candidates) > 1:
            candidates = self._complete(candidates, known, importer) or candidates
        if is_open(known) and (importer in exported or not self._is_enough(known, candidates)):
            return ()
        return _nearest(candidates, importer)

    def _is_enough(self, known: Handle, found: tuple[Template, ...]) -> bool:
        return len({each.path.name for each in found}) < 2 or self.are_alike(known, found)

    def are_alike(self, handle: Handle, exporters: tuple[Template, ...]) -> bool:
        """Is what the exporters have by that name the same, whichever of them is deployed? Of too
        many, it is not known."""
        outputs = self._exported.get(self.canonical(handle), {})
        if len(exporters) > MAX_COMPARED or not all(map(outputs.get, exporters)):
            return False
        made = {self._made_of(each, outputs[each]) for each in exporters}
        return len(made) == 1 and None not in made

    def _made_of(self, template: Template, output: str) -> Hashable | None:
        if (template, output) not in self._made:
            self._made[template, output] = made_of(template, output)
        return self._made[template, output]

    def _complete(
        self, variants: tuple[Template, ...], known: Handle, importer: Template
    ) -> tuple[Template, ...]:
        read = self._imports[importer]
        stacks = {each.stack for each in read if each.handle == known}
        asked = [
            exporters
            for each in read
            if not is_open(known) or {each.stack} == stacks
            if not (exporters := self._exported.get(each.handle, {}).keys()).isdisjoint(variants)
        ]
        return tuple(each for each in variants if all(each in exporters for exporters in asked))

    def canonical(self, handle: Handle) -> Handle:
        """The handle as the exporter has it: ``network-Vpc`` may be ``${AWS::StackName}-Vpc``, if
        there is no other such name; so may one with a hole that a world fills in part."""
        if handle in self._exported or len(handle) != 1 or not handle[0]:
            return handle
        found = [pattern for pattern in self._patterns if may_match(pattern[0], handle[0])]
        return found[0] if len(found) == 1 else handle

    def importers(self, handle: Handle, exporter: Template) -> tuple[Template, ...]:
        """The templates that read that output or stored parameter, and may read that exporter's."""
        return tuple(
            template
            for template in self._importers.get(handle, ())
            if exporter in self.exporters(handle, template)
        )

    def label(self, template: Template, stack: str) -> str:
        """What a neighbour's addresses begin with: its stack's name, or as much of its file's as
        tells it from others."""
        names = (name for name in _names(template) if self._names[name] == 1)
        return stack or next(names, template.name)

    @cached_property
    def _names(self) -> Counter[str]:
        return Counter(name for template in self._catalogue.scanned for name in _names(template))

    @cached_property
    def _exported(self) -> dict[Handle, dict[Template, str]]:
        """Which templates have it, each by its output's name; by none where it stores it."""
        found: dict[Handle, dict[Template, str]] = {}
        for template in self._catalogue.scanned:
            with of_reading(template.name), suppress(OverBudget):
                instance = self.alone(template)
                for output in instance.outputs:
                    for handle in instance.handles(output):
                        found.setdefault(handle, {}).setdefault(template, output)
                for handle in stored_parameters.written(instance):
                    found.setdefault(handle, {})[template] = ""
        return found

    @cached_property
    def _imports(self) -> dict[Template, tuple[Import, ...]]:
        """What each template reads of others."""
        if not self._exported:
            return {}
        found: dict[Template, tuple[Import, ...]] = {}
        for template in self._catalogue.scanned:
            with of_reading(template.name):
                found[template] = tuple(dict.fromkeys(self._read(self.alone(template))))
        return found

    def _read(self, instance: TemplateInstance) -> Iterator[Import]:
        for names in _names_imported(instance.template.root):
            values = [value_of(name, (), instance) for name in names]
            of_name = named if len(values) == 1 else exactly
            handle = self.canonical(tuple(of_name(value) or () for value in values))
            yield Import(handle, stack_in(values[0], handle[0]))
        for _, handle in stored_parameters.read(instance) if self._stores else ():
            yield Import(self.canonical(handle), None)

    @cached_property
    def _importers(self) -> dict[Handle, tuple[Template, ...]]:
        found: dict[Handle, dict[Template, None]] = {}
        for template, imports in self._imports.items():
            for each in imports:
                found.setdefault(each.handle, {})[template] = None
        return {handle: tuple(templates) for handle, templates in found.items()}

    @cached_property
    def _stores(self) -> bool:
        """Does any template store a parameter?"""
        return any(map(stored_parameters.is_stored, self._exported))

    @cached_property
    def _patterns(self) -> tuple[Handle, ...]:
        """The exports with holes in their names."""
        return tuple(each for each in self._exported if len(each) == 1 and is_open(each))

    def alone(self, template: Template) -> TemplateInstance:
        """The template in its default world, without any other."""
        return TemplateInstance(
            template, _Nobody(), PathCondition(), self._catalogue.deployment(template)
        )


class _Nobody:
    """Implements Around for a template without surroundings."""

    level = 0

    def imported(self, names: tuple[Value, ...], importer: TemplateInstance) -> Value | None:
        return None

    def child(self, parent: TemplateInstance, stack: Declared) -> TemplateInstance | Unknown:
        return Unknown("nested stacks are not looked into", why=Why.OUTSIDE)


def _names(template: Template) -> tuple[str, str]:
    file = Path(template.file)
    stem = file.name.split(".")[0]
    return stem, f"{file.parent.name}/{stem}"


def _names_imported(root: Node) -> list[tuple[Node, ...]]:
    """The names in all ``Fn::ImportValue`` and ``Fn::GetStackOutput`` below a node."""
    found: list[tuple[Node, ...]] = []
    queue, seen = [root], set()
    while queue:
        node = queue.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        queue.extend(children(node))
        name, argument = call_of(node) or ("", node)
        if name == "Fn::ImportValue":
            found.append((argument,))
        elif name == "Fn::GetStackOutput":
            names = (mapping(argument).get(key) for key in ("StackName", "OutputName"))
            found.append(tuple(each for each in names if each is not None))
    return found


def _nearest(candidates: tuple[Template, ...], importer: Template) -> tuple[Template, ...]:
    """Those of the closest folder around both."""
    around = [_shared(each.path, importer.path) for each in candidates]
    deepest = max(around, default=0)
    return tuple(each for each, deep in zip(candidates, around, strict=True) if deep == deepest)


def _shared(path: Path, other: Path) -> int:
    pairs = zip(path.parent.parts, other.parent.parts, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
