"""Which template of the scan has an output or a stored parameter that others read, and which read
it."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from pathlib import Path

from ...adapters.units import Declared
from ...symbolic.documents.nodes import Node, mapping
from ...symbolic.documents.reading import children
from ...symbolic.strings import may_match
from ...symbolic.values import Unknown, Value, Why
from ...symbolic.worlds import PathCondition
from ..language.scope import call_of, value_of
from . import stored_parameters
from .catalogue import Catalogue
from .handles import Handle, exactly, is_open, named
from .instance import TemplateInstance
from .template import Template


class Exports:
    """Names as they are in each template's default world."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def exporters(self, handle: Handle, importer: Template) -> tuple[Template, ...]:
        """The templates that may have the output, for the importer: those of its own folder come
        before others, for a folder may be the copy of a whole application; of variants, of which
        one at a time can export the name, those that have all else that the importer reads of them.
        A name with a hole says less: it is enough only where all that have it are copies of one
        file."""
        known = self.canonical(handle)
        candidates = self._exported.get(known, ())
        files = {each.path.name for each in candidates}
        if is_open(known) and (importer in candidates or len(files) > 1):
            return ()
        near = _nearest(candidates, importer)
        return near if len(near) < 2 else self._complete(near, importer)

    def _complete(self, variants: tuple[Template, ...], importer: Template) -> tuple[Template, ...]:
        asked = [
            exporters
            for handle, readers in self._imported.items()
            if importer in readers
            and not (exporters := set(self._exported.get(handle, ()))).isdisjoint(variants)
        ]
        return tuple(each for each in variants if all(each in exporters for exporters in asked))

    def canonical(self, handle: Handle) -> Handle:
        """The handle as the exporter has it: ``network-Vpc`` may be ``${AWS::StackName}-Vpc``, if
        there is no other such name."""
        if handle in self._exported or len(handle) != 1 or is_open(handle):
            return handle
        found = [pattern for pattern in self._patterns if may_match(pattern[0], handle[0])]
        return found[0] if len(found) == 1 else handle

    def importers(self, handle: Handle, exporter: Template) -> tuple[Template, ...]:
        """The templates that read that output or stored parameter, and may read that exporter's."""
        return tuple(
            template
            for template in self._imported.get(handle, ())
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
    def _exported(self) -> dict[Handle, tuple[Template, ...]]:
        found: dict[Handle, tuple[Template, ...]] = {}
        for template in self._catalogue.scanned:
            instance = self._alone(template)
            for output in instance.outputs:
                for handle in instance.handles(output):
                    found[handle] = (*found.get(handle, ()), template)
            for handle in stored_parameters.written(instance):
                found[handle] = (*found.get(handle, ()), template)
        return found

    @cached_property
    def _imported(self) -> dict[Handle, tuple[Template, ...]]:
        found: dict[Handle, tuple[Template, ...]] = {}
        for template in self._catalogue.scanned if self._exported else ():
            instance = self._alone(template)
            handles = tuple(
                tuple(
                    (named if len(names) == 1 else exactly)(value_of(name, (), instance)) or ()
                    for name in names
                )
                for names in _imports(template.root)
            )
            if self._stores:
                handles = (*handles, *(handle for _, handle in stored_parameters.read(instance)))
            for handle in dict.fromkeys(map(self.canonical, handles)):
                found[handle] = (*found.get(handle, ()), template)
        return found

    @cached_property
    def _stores(self) -> bool:
        """Does any template store a parameter?"""
        return any(map(stored_parameters.is_stored, self._exported))

    @cached_property
    def _patterns(self) -> tuple[Handle, ...]:
        """The exports with holes in their names."""
        return tuple(each for each in self._exported if len(each) == 1 and is_open(each))

    def _alone(self, template: Template) -> TemplateInstance:
        return TemplateInstance(
            template, _Nobody(), PathCondition(), self._catalogue.deployment(template)
        )


class _Nobody:
    """Implements Around for a template without surroundings."""

    level = 0

    def imported(self, handle: Handle, importer: TemplateInstance) -> Value | None:
        return None

    def child(self, parent: TemplateInstance, stack: Declared) -> TemplateInstance | Unknown:
        return Unknown("nested stacks are not looked into", why=Why.OUTSIDE)


def _names(template: Template) -> tuple[str, str]:
    file = Path(template.file)
    stem = file.name.split(".")[0]
    return stem, f"{file.parent.name}/{stem}"


def _imports(root: Node) -> list[tuple[Node, ...]]:
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
    beside = tuple(each for each in candidates if each.path.parent == importer.path.parent)
    return tuple(each for each in (beside or candidates) if each is not importer)
