"""Finding the templates of a tree, and which of them are units of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from ...adapters.units import DOCUMENT_ENDINGS, Found, Inputs, InputSet, Tree
from ...model import Stack
from ...symbolic.budget import UNIT_STEPS, of_unit
from ...symbolic.documents import reading
from ...symbolic.documents.nodes import Document
from ...symbolic.faults import island
from ...symbolic.records import dataclass, field, replace
from ...symbolic.source import Boundary, Unreadable, letters, real, shown
from ...symbolic.values import Value
from ...symbolic.worlds import PathCondition
from . import document, nested
from .assembly import Assembly
from .catalogue import Catalogue, read
from .exports import Exports
from .input_sets import ParameterFiles, ParameterSet, is_deployed_alone, parameter_sets
from .kinds import NESTED_TYPES
from .parameter_files import ParameterValues, parameter_file
from .template import Template, templates

#: What ties a template to others, or may be such a word in escapes.
_TIES = (
    b"Outputs",
    b"ImportValue",
    b"GetStackOutput",
    b"AWS::CloudFormation::Stack",
    b"AWS::Serverless::Application",
    b"\\",
)
#: What it may cost to find out which templates deploy which, all of them together.
DISCOVERY_STEPS = 2 * UNIT_STEPS


@dataclass(frozen=True)
class TemplateUnit:
    """A template as one deployment unit (units.Unit)."""

    template: Template
    catalogue: Catalogue
    exports: Exports
    sets: tuple[ParameterSet, ...] = ()
    given: Mapping[str, Value] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """The template's name, as reports print it."""
        return self.template.name

    @property
    def files(self) -> tuple[str, ...]:
        """The files of which the unit is made."""
        return (self.template.file,)

    @property
    def reusable(self) -> bool:
        """Never: a template can be deployed as it is."""
        return False

    @property
    def apart(self) -> str:
        """All templates, of one that speaks of others or hands something out."""
        data = self.catalogue.data(self.template)
        alone = data and not any(word in data for word in _TIES)
        return "" if alone else self.catalogue.digest

    def stack(self, path_condition: PathCondition) -> Stack:
        """The stack in one world."""
        return self.assembly(path_condition).stack()

    def assembly(self, path_condition: PathCondition) -> Assembly:
        """The template put together with what it nests and imports, in one world."""
        return Assembly(self.template, self.catalogue, self.exports, path_condition, self.given)

    def input_sets(self) -> tuple[InputSet, ...]:
        """Implements units.Configurable."""
        if not self.sets:
            return ()
        return (
            InputSet("", replace(self, sets=()), is_deployed_alone(self.template, self.sets)),
            *(
                InputSet(each.name, replace(self, sets=(), given=each.parameters))
                for each in self.sets
            ),
        )


def find(tree: Tree, inputs: Inputs) -> Found:
    """The templates of a tree. One that another deploys as a nested stack is no unit of its own."""
    found: list[Template] = []
    unreadable: list[Unreadable] = []
    comments: list[tuple[str, int, str]] = []
    for path in tree.files:
        try:
            here, remarks = island(path, partial(_read, path, tree), ((), ()))
        except Unreadable as error:
            unreadable.append(error)
            continue
        found += here
        comments += ((shown(path), line, text) for line, text in remarks)
        unreadable += (fault for template in here for fault in template.unreadable)
    given: list[ParameterValues] = []
    for path in inputs.parameters:
        try:
            given.append(parameter_file(path))
        except Unreadable as error:
            unreadable.append(error)
    found = _with_parts(tree, found)
    catalogue = Catalogue(tree.boundary, tuple(found), tuple(given), inputs.account)
    exports = Exports(catalogue)
    units = [TemplateUnit(template, catalogue, exports) for template in found]
    around = ParameterFiles(tree)
    roots = tuple(
        replace(unit, sets=parameter_sets(unit.template, around)) if not inputs.parameters else unit
        for unit in _roots(units)
    )
    files = (
        *(template.file for template in found),
        *(each.file for unit in roots for each in unit.sets),
    )
    return Found(roots, tuple(dict.fromkeys(files)), tuple(unreadable), tuple(comments))


def _with_parts(tree: Tree, found: list[Template]) -> list[Template]:
    """Those beside or below a ``serverless.yml`` may be parts of what it deploys."""
    homes = {path.parent for path in tree.files if path.stem == "serverless"}
    return [
        replace(each, part=True) if homes.intersection(each.path.parents) else each
        for each in found
    ]


def unit_from_template(
    path: str, source: str | Mapping[object, object], boundary: Boundary | None = None
) -> TemplateUnit | None:
    """The unit of one template that a host has read: its text, or its decoded tree with YAML marks.

    None when it is no template. Nested stacks are followed inside the boundary, if there is one.
    Raises Unreadable for a text that cannot be parsed.
    """
    location = real(path)
    found = (
        read(location, path, source)
        if isinstance(source, str)
        else templates(location, path, (Document(reading.from_decoded(source)),))
    )
    if not found:
        return None
    catalogue = Catalogue(boundary, found)
    return TemplateUnit(found[0], catalogue, Exports(catalogue))


def _read(path: Path, tree: Tree) -> tuple[tuple[Template, ...], tuple[tuple[int, str], ...]]:
    """The templates in a file, and its remarks to this tool. Raises Unreadable for what is meant as
    a template, and where nobody can know; any other YAML or JSON, broken or not, is no concern of
    this reader."""
    if not path.name.lower().endswith(DOCUMENT_ENDINGS) and path not in tree.given:
        return (), ()
    data = letters(tree.boundary.read_bytes(path))
    if not document.may_be_template(data):
        return (), ()
    try:
        text = tree.boundary.read_text(path)
        found = read(real(path), shown(path), text)
    except Unreadable:
        if document.looks_like_template(data):
            raise
        return (), ()
    remarks = reading.comments(text, [template.root for template in found]) if found else ()
    return found, remarks


def _roots(units: list[TemplateUnit]) -> tuple[TemplateUnit, ...]:
    """The units that no other deploys; of those that deploy each other in a circle, the first."""
    with of_unit(DISCOVERY_STEPS):
        deploys = {unit.template: _deployed_by(unit) for unit in units}
    called = {
        child
        for template, children in deploys.items()
        for child in children
        if child is not template
    }
    reached: set[Template] = set()
    roots = []
    for unit in sorted(units, key=lambda unit: unit.template in called):
        if unit.template not in called or unit.template not in reached:
            roots.append(unit)
            queue = [unit.template]
            while queue:
                template = queue.pop()
                if template not in reached:
                    reached.add(template)
                    queue.extend(deploys.get(template, ()))
    return tuple(unit for unit in units if unit in roots)


def _deployed_by(unit: TemplateUnit) -> tuple[Template, ...]:
    """The templates that the unit's deploys itself, by what it says alone: what nested stacks put
    out is no end of an address."""
    return island(unit.template.path, lambda: tuple(_children(unit)), ())


def _children(unit: TemplateUnit) -> Iterator[Template]:
    instance = unit.exports.alone(unit.template)
    for name, entry in instance.entries.items():
        stack = instance.resource(name) if instance.type_of(name) in NESTED_TYPES else None
        if stack is not None:
            child = nested.template_of(stack, entry, unit.template, unit.catalogue)
            yield from () if child is None else (child,)
