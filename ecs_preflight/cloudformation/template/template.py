"""A template as written: its sections, transforms and resources, before anything is evaluated."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path as FilePath

from ...symbolic.documents.nodes import (
    Document,
    DocumentFault,
    Entry,
    Extent,
    Leaf,
    MappingNode,
    SequenceNode,
    mapping,
    plain,
)
from ...symbolic.records import dataclass
from ...symbolic.source import Span, Unreadable
from ...symbolic.values import Unknown, Why
from ..language import foreach, parameters
from ..language.scope import Path
from . import document, sam, serverless

#: Transforms that leave every resource as it is written, or do what is done here.
_UNDERSTOOD = (
    "AWS::Serverless-",
    "AWS::LanguageExtensions",
    "AWS::CodeDeployBlueGreen",
    "AWS::SecretsManager-",
)


@dataclass(frozen=True)
class Inline:
    """Where a template stands that is a string of another one: its path there, and the string."""

    path: Path
    text: Leaf

    def extent(self, inner: Extent) -> Extent:
        """The place in the file of what stands at ``inner`` in the string: exact in a literal
        block."""
        if not self.text.block:
            return self.text.extent
        line, column, end_line, end_column = inner
        down, right = self.text.extent[0], self.text.block - 1
        return line + down, column + right, end_line + down, end_column + right


@dataclass(frozen=True, eq=False)
class Template:
    """``path`` is absolute; ``file`` names the file in spans; ``name`` the template in reports;
    ``part`` is true where another tool may put it together with others."""

    path: FilePath
    file: str
    name: str
    root: MappingNode
    faults: tuple[DocumentFault, ...] = ()
    inline: Inline | None = None
    part: bool = False

    def span(self, extent: Extent, path: Path) -> Span:
        """The place of a node: its file and lines, and the path that leads to it."""
        if self.inline is not None:
            return Span(self.file, *self.inline.extent(extent), self.inline.path)
        return Span(self.file, *extent, path)

    def section(self, name: str) -> MappingNode:
        """A section of the template; an empty one where it is not there."""
        return mapping(self.root.get(name))

    @cached_property
    def transforms(self) -> tuple[str, ...]:
        """The macros that the whole template goes through."""
        written = self.root.get("Transform")
        nodes = written.items if isinstance(written, SequenceNode) else (written,)
        names = (plain(node) or plain(mapping(node).get("Name")) for node in nodes)
        return tuple(name for name in names if name)

    @cached_property
    def parameters(self) -> dict[str, parameters.TemplateParameter]:
        """The parameters, by name."""
        return parameters.declared(self.section("Parameters"), self.section("Conditions"))

    @cached_property
    def tables(self) -> dict[str, MappingNode]:
        """The tables of the ``Mappings`` section."""
        return {
            entry.key: entry.value
            for entry in self.section("Mappings").entries
            if isinstance(entry.value, MappingNode)
        }

    @cached_property
    def resources(self) -> tuple[Entry, ...]:
        """The resources, with what SAM makes of them; loops still stand among them."""
        written = self.section("Resources").entries
        is_sam = any(name.startswith("AWS::Serverless-") for name in self.transforms)
        return sam.transformed(written, self.section("Globals")) if is_sam else written

    @cached_property
    def has_loops(self) -> bool:
        """Do loops make any of its conditions, resources or outputs?"""
        return any(
            entry.key.startswith(foreach.PREFIX)
            for section in ("Conditions", "Resources", "Outputs")
            for entry in self.section(section).entries
        )

    @cached_property
    def unread(self) -> tuple[Unknown, ...]:
        """What of the template could not be read, or may be changed by others."""
        macros = (name for name in self.transforms if not name.startswith(_UNDERSTOOD))
        return (
            *(
                Unknown(f"the macro '{name}' may change the template", why=Why.OUTSIDE)
                for name in macros
            ),
            *(
                Unknown("a macro may add to the template", why=Why.OUTSIDE)
                for entry in self.root.entries
                if entry.key == "Fn::Transform"
            ),
        )

    @cached_property
    def why_undeclared(self) -> Why:
        """Why a name is not known that it does not declare: that is all there is to it where the
        template is deployed as it is written, and no macro or loop makes more of it."""
        written = self.section("Resources").entries
        is_whole = (
            self.root.get("AWSTemplateFormatVersion") is not None
            and not (self.part or self.faults or self.unread or self.has_loops)
            and self.root.get("Transform") is None
            and not any(entry.key == "Fn::Transform" for entry in written)
        )
        return Why.UNDECLARED if is_whole else Why.FUNCTION

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """Keys that are written twice: the last one counts."""
        return tuple(refused(self.file, fault, partly=True) for fault in self.faults)


def refused(file: str, fault: DocumentFault, partly: bool = False) -> Unreadable:
    """The file as one that cannot be read; ``partly`` where the rest of it can."""
    return Unreadable(file, fault.reason, Span(file, *fault.extent), partly)


def templates(path: FilePath, file: str, found: tuple[Document, ...]) -> tuple[Template, ...]:
    """The templates among a file's documents."""
    roots: list[tuple[MappingNode, tuple[DocumentFault, ...]]] = []
    for each in found:
        if isinstance(each.root, MappingNode) and document.is_template(each.root):
            roots.append((each.root, each.faults))
        elif (inner := serverless.template(mapping(each.root))) is not None:
            roots.append((inner, each.faults))
    return tuple(
        Template(path, file, file if len(roots) == 1 else f"{file}#{number}", root, faults)
        for number, (root, faults) in enumerate(roots, 1)
    )


def construct_of(entry: Entry) -> str:
    """The construct path of a resource that CDK made, as its user knows it."""
    path = plain(mapping(mapping(entry.value).get("Metadata")).get("aws:cdk:path"))
    return (path or "").removesuffix("/Resource")
