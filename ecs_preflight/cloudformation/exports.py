"""Which template of the scan exports a name, and which import it."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from pathlib import Path

from ..units import Declared
from ..values import Unknown, Value, Why, literal
from ..worlds import Inquiry
from .catalogue import Catalogue
from .document import children
from .instance import Instance
from .nodes import Mapping, Node
from .scope import value_of
from .template import Template


class Exports:
    """Names as they are in each template's default world."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def exporter(self, name: str, importer: Template) -> Template | None:
        """The only template that exports the name to the importer: one of the same folder comes
        before others, for a folder may be the copy of a whole application."""
        return _nearest(self._exported.get(name, ()), importer)

    def importers(self, name: str, exporter: Template) -> tuple[Template, ...]:
        """The templates that import the name from that exporter."""
        return tuple(template for template in self._imported.get(name, ())
                     if self.exporter(name, template) is exporter)

    def label(self, template: Template, stack: str) -> str:
        """What a neighbour's addresses begin with: its stack's name, or as much of its file's as
        tells it from others."""
        names = (name for name in _names(template) if self._names[name] == 1)
        return stack or next(names, template.name)

    @cached_property
    def _names(self) -> Counter[str]:
        return Counter(name for template in self._catalogue.scanned for name in _names(template))

    @cached_property
    def _exported(self) -> dict[str, tuple[Template, ...]]:
        found: dict[str, tuple[Template, ...]] = {}
        for template in self._catalogue.scanned:
            if not any(_exports(entry.value) for entry in template.section("Outputs").entries):
                continue
            instance = self._alone(template)
            for name in filter(None, map(instance.export, instance.outputs)):
                found[name] = (*found.get(name, ()), template)
        return found

    @cached_property
    def _imported(self) -> dict[str, tuple[Template, ...]]:
        found: dict[str, tuple[Template, ...]] = {}
        for template in self._catalogue.scanned if self._exported else ():
            instance = self._alone(template)
            names = (literal(value_of(node, (), instance)) for node in _imports(template.root))
            for name in dict.fromkeys(filter(None, names)):
                found[name] = (*found.get(name, ()), template)
        return found

    def _alone(self, template: Template) -> Instance:
        return Instance(template, _Nobody(), Inquiry(), self._catalogue.deployment(template))


class _Nobody:
    """Implements Around for a template without surroundings."""

    level = 0

    def imported(self, name: str, importer: Instance) -> Value | None:
        return None

    def child(self, parent: Instance, stack: Declared) -> Instance | Unknown:
        return Unknown("nested stacks are not looked into", why=Why.OUTSIDE)


def _names(template: Template) -> tuple[str, str]:
    file = Path(template.file)
    stem = file.name.split(".")[0]
    return stem, f"{file.parent.name}/{stem}"


def _exports(output: Node) -> bool:
    return isinstance(output, Mapping) and output.get("Export") is not None


def _imports(root: Node) -> list[Node]:
    """The arguments of all ``Fn::ImportValue`` below a node."""
    found, queue, seen = [], [root], set()
    while queue:
        node = queue.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        argument = node.get("Fn::ImportValue") if isinstance(node, Mapping) else None
        if argument is not None:
            found.append(argument)
        queue.extend(children(node))
    return found


def _nearest(candidates: tuple[Template, ...], importer: Template) -> Template | None:
    beside = tuple(each for each in candidates if each.path.parent == importer.path.parent)
    found = tuple(each for each in (beside or candidates) if each is not importer)
    return found[0] if len(found) == 1 else None
